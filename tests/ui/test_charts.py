from shelter.ui.charts import LineChart, Point


def chart(*values: int | None, limit: int | None = None) -> LineChart:
    points = [Point(str(index), value) for index, value in enumerate(values)]
    return LineChart("Occupancy", points, "People", "Night of", limit=limit)


def test_a_missing_value_interrupts_the_line():
    first, second = chart(90, 92, None, 91, 95).segments
    assert len(first.line.split()) == len(second.line.split()) == 2


def test_a_value_alone_between_gaps_is_still_seen():
    _first, alone = chart(90, 92, None, 91, None).segments
    assert len(set(alone.line.split())) == 2


def test_extremes_and_end_ignore_missing_values():
    trend = chart(None, 92, 88, None)
    assert (trend.lowest, trend.highest, trend.last) == (88, 92, 88)


def test_ticks_hold_all_values_and_the_limit():
    ticks = [tick.value for tick in chart(88, 104, limit=100).ticks]
    assert ticks[0] <= 88
    assert ticks[-1] >= 104


def test_a_flat_line_at_zero_can_be_drawn():
    assert chart(0, 0).segments
