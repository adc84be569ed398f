import pytest
from django.apps import apps

from shelter.ui import assets


def test_every_icon_that_pages_name_is_in_the_sprite():
    drawn = (assets.VENDOR / "icons.svg").read_text()
    assert [icon for icon in assets.icons_in_use() if f'id="{icon}"' not in drawn] == []


def test_an_unknown_icon_is_named():
    with pytest.raises(assets.AssetError, match="no-such-icon"):
        assets.sprite(["no-such-icon"])


def test_a_second_run_touches_nothing(monkeypatch):
    assets.main()
    monkeypatch.setattr(assets, "install", pytest.fail)
    monkeypatch.setattr(assets, "sprite", pytest.fail)
    assets.main()


def test_every_licence_travels_with_the_files():
    notices = (assets.VENDOR / "LICENCES.txt").read_text()
    for name in assets.LICENCES:
        assert name in notices


def test_no_file_points_to_a_source_map_that_stays_behind():
    assert [path.name for path in assets.VENDOR.iterdir() if b"sourceMappingURL" in path.read_bytes()] == []


def test_every_app_is_looked_through_for_icons():
    ours = {app.name.split(".")[0] for app in apps.get_app_configs() if (assets.ROOT / app.name.split(".")[0]).is_dir()}
    assert {f"{folder}/**/*.py" for folder in ours} <= set(assets.SOURCES)
