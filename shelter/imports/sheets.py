"""Letters and numbers of a sheet's columns."""


def column_number(letters: str) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number
