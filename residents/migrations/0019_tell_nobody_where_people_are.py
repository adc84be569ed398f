from django.db import migrations

from shelter.definer import KeepInside


class Migration(migrations.Migration):
    """``residents_sites_of`` answers of anybody, whoever asks: it serves ``residents_access_log``, which asks who acts."""

    dependencies = (("residents", "0018_say_whose_data_was_seen"),)
    operations = (KeepInside("residents_sites_of"),)
