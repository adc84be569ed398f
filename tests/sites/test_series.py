import pytest

from sites.series import SeriesTooLong, expand


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("101-104", ["101", "102", "103", "104"]),
        ("101–103, 110", ["101", "102", "103", "110"]),
        ("A-D", ["A", "B", "C", "D"]),
        ("08..11", ["08", "09", "10", "11"]),
        ("K1-K3", ["K1", "K2", "K3"]),
        ("K1-3", ["K1", "K2", "K3"]),
        ("Nord; Sud", ["Nord", "Sud"]),
        ("12-B", ["12-B"]),
        ("Rez-de-jardin", ["Rez-de-jardin"]),
        ("9-3", ["9-3"]),
        (" A , A ,, B ", ["A", "B"]),
        ("", []),
    ],
)
def test_a_series_is_read_as_one_says_it(written, meant):
    assert expand(written) == meant


@pytest.mark.parametrize("written", ["1-100000", "1-200, 501-700"])
def test_a_slip_of_the_finger_makes_no_thousand_rooms(written):
    with pytest.raises(SeriesTooLong):
        expand(written)
