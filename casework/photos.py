"""Photos of documents, drawn anew: without where and when they were taken, and by whom (F1)."""

import io

from PIL import Image, ImageOps

from casework.services.refusals import ContentDiffers, TooManyPixels

MAX_PIXELS = 25_000_000


def redrawn(content: bytes) -> bytes:
    """The same picture, upright, in its own format, with nothing else in the file.

    Raises ``TooManyPixels`` before any is drawn, ``ContentDiffers`` for what is no picture after all.
    """
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as photo:
            if photo.width * photo.height > MAX_PIXELS:
                raise TooManyPixels
            upright = ImageOps.exif_transpose(photo)
            clean = Image.new(upright.mode, upright.size)
            clean.paste(upright)
            file = io.BytesIO()
            clean.save(file, format=photo.format, quality=90)
    except Image.DecompressionBombError as error:  # Pillow's own, larger bound: it looks at the head of the file first
        raise TooManyPixels from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ContentDiffers from error
    return file.getvalue()
