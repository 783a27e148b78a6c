"""Reads the worked examples of `docs/algorithms/` from the pages and computes them again.

A page's table under a `worked example` mark is the expectation; nothing is repeated here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from campaigns.domain.checks import IndicatorLimits, check_measurement
from campaigns.domain.composite import Composite, Part, combine, composite
from campaigns.domain.contributions import contributions
from campaigns.domain.deadlines import DueRule, days_left, deadlines, due_soon_stage, overdue_stage
from campaigns.domain.figures import FigureError, half_up, parse_figure, published_percent
from campaigns.domain.filing import Filing, StatusChange, filing, is_overdue
from campaigns.domain.forecast import forecast
from campaigns.domain.light import Light, LightMethod, LightRule, computed_lights, displayed_light, raw_light
from campaigns.domain.months import campaign_spans
from campaigns.domain.pace import (
    Accumulation,
    Direction,
    TargetLine,
    attainment,
    gap,
    pace,
    planned,
    planned_value,
)
from campaigns.domain.projection import projection
from campaigns.domain.questions import judgement, most_urgent, must_speed_up, will_miss
from campaigns.domain.ranking import competition_ranks, movement
from campaigns.domain.rollup import CityFigure, Contribution, RollUp, roll_up
from campaigns.domain.sentences import (
    Course,
    Placed,
    what_is_missed,
    what_lags,
    who_fell,
    who_leads,
    who_rose,
)
from campaigns.domain.warnings import (
    Finding as WarningFinding,
)
from campaigns.domain.warnings import (
    PlanFigures,
    Step,
    behind_plan,
    milestone_overdue,
    no_statistical_entry,
    points_behind,
    problem_open,
    start_overdue,
)
from campaigns.domain.working_days import WorkingCalendar

PAGES = Path(__file__).parents[3] / "docs" / "algorithms"
MARK = re.compile(r"<!-- worked example: (?P<title>.+?) -->(?P<body>.*?)(?=<!-- worked example|\n#|\Z)", re.DOTALL)
MISSING = "–"
SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar()
LETTERS = {"G": Light.GREEN, "Y": Light.YELLOW, "R": Light.RED, MISSING: Light.GREY}

Row = dict[str, str]


@dataclass(frozen=True)
class Example:
    page: str
    title: str
    rows: tuple[Row, ...]


def read_table(text: str) -> tuple[Row, ...]:
    """The rows of the first Markdown table in ``text``, cells by their heading."""
    lines = [line.strip().strip("|").split("|") for line in text.splitlines() if line.lstrip().startswith("|")]
    heads, _, *rows = [[cell.strip() for cell in line] for line in lines]
    return tuple(dict(zip(heads, row, strict=True)) for row in rows)


def campaign_pages() -> list[Path]:
    """Those of the awards have their own test."""
    return sorted(page for page in PAGES.glob("*.md") if not page.stem.startswith("award-"))


def read_examples() -> list[Example]:
    return [
        Example(page.stem, mark["title"], read_table(mark["body"]))
        for page in campaign_pages()
        for mark in MARK.finditer(page.read_text(encoding="utf-8"))
    ]


EXAMPLES = read_examples()


def rows_of(title: str) -> tuple[Row, ...]:
    [example] = [example for example in EXAMPLES if example.title == title]
    return example.rows


def share(cell: str) -> Fraction | None:
    return None if cell == MISSING else Fraction(cell.removesuffix("%")) / 100


def percent(value: Fraction | None) -> str:
    return MISSING if value is None else f"{published_percent(value)}%"


def signed(value: Decimal) -> str:
    """As pages write a gap: a plus, a true minus, or a bare nought."""
    return f"{value:+}".replace("-", "−") if value else f"{value}"


def or_missing(value: object | None) -> str:
    return MISSING if value is None else str(value)


def yes_or_no(answer: bool) -> str:
    return "yes" if answer else "no"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-{text}" if len(text) == 11 else text).replace(tzinfo=SHANGHAI)


def hundred_days(accumulation: Accumulation, points: tuple[tuple[date, Decimal], ...] = ()) -> TargetLine:
    return TargetLine(
        baseline=Decimal(0),
        baseline_on=date(2022, 7, 11),
        target=Decimal(200),
        target_on=date(2022, 10, 19),
        direction=Direction.HIGHER,
        accumulation=accumulation,
        points=points,
    )


def reading(row: Row) -> Row:
    try:
        read = str(parse_figure(row["Typed"], decimals=2))
    except FigureError as refusal:
        read = refusal.code
    return {"Read as": read}


def rounding(row: Row) -> Row:
    return {"Published": str(half_up(Fraction(row["Exact"]), 2))}


def attained(row: Row) -> Row:
    line = TargetLine(
        baseline=Decimal(row["Baseline"]),
        baseline_on=date(2022, 7, 11),
        target=Decimal(row["Target"]),
        target_on=date(2022, 10, 19),
        direction=Direction(row["Direction"]),
        accumulation=Accumulation.CUMULATIVE,
    )
    return {"Attainment": percent(attainment(line, Decimal(row["Actual"])))}


def plan(row: Row) -> Row:
    points = ((date(2022, 7, 31), Decimal(30)), (date(2022, 8, 31), Decimal(92)))
    lines = {
        "cumulative": hundred_days(Accumulation.CUMULATIVE),
        "level": hundred_days(Accumulation.LEVEL),
        "trajectory": hundred_days(Accumulation.CUMULATIVE, points),
    }
    line, on = lines[row["Plan"]], date.fromisoformat(row["Day"])
    return {"Planned": percent(planned(line, on)), "Planned value": str(half_up(planned_value(line, on), 2))}


def gap_and_pace(row: Row) -> Row:
    line = hundred_days(Accumulation.CUMULATIVE)
    reached, by_now = attainment(line, Decimal(row["Actual"])), planned(line, date.fromisoformat(row["Day"]))
    ratio = pace(reached, by_now)
    return {
        "Attainment": percent(reached),
        "Planned": percent(by_now),
        "Gap": signed(gap(reached, by_now)),
        "Pace": MISSING if ratio is None else f"{ratio}%",
        "Light": raw_light(reached, by_now, LightRule()),
    }


def forecasted(row: Row) -> Row:
    days = {"July": (7, 31), "August": (8, 31), "September": (9, 30), "October": (10, 19)}
    figures = [(date(2022, *days[name]), Decimal(row[name])) for name in days if row[name] != MISSING]
    found = forecast(hundred_days(Accumulation(row["Accumulation"])), figures)
    shown = found.published() if found else None
    rate = shown.required_rate if shown else None
    return {
        "Days left": or_missing(shown and shown.days_left),
        "Projected": or_missing(shown and shown.projected),
        "Band": MISSING if shown is None or shown.low is None else f"{shown.low}–{shown.high}",
        "Shortfall": or_missing(shown and shown.shortfall),
        "Required a day": or_missing(rate).replace("-", "−"),
    }


def raw(row: Row) -> Row:
    rule = LightRule(method=LightMethod(row["Method"]))
    return {"Light": raw_light(share(row["Attainment"]), share(row["Planned"]), rule)}


def run(row: Row) -> Row:
    letters = {light: letter for letter, light in LETTERS.items()}
    computed = computed_lights(LETTERS[letter] for letter in row["Raw"].split())
    return {"Computed": " ".join(letters[light] for light in computed)}


def displayed(row: Row) -> Row:
    return {"Displayed": displayed_light(Light(row["Computed"]), reason_accepted=row["Reason accepted"] == "yes")}


def behind_the_plan(row: Row) -> Row:
    year = Decimal(80000)
    now = PlanFigures("2022-08", Decimal(row["Plan to date"]), Decimal(row["Invested"]))
    before = None
    if row["Points before"] != MISSING:
        before = PlanFigures("2022-07", Decimal(40000), Decimal(40000) - year * Decimal(row["Points before"]) / 100)
    points = points_behind(now, year)
    assert points is not None
    return {"Points": f"{half_up(points, 2):.2f}", "Level": level_of(behind_plan(now, before, year))}


RULES_OF_DAYS: dict[str, Callable[[date, date], WarningFinding | None]] = {
    "start_overdue": lambda day, today: start_overdue(day, None, today),
    "no_statistical_entry": lambda day, today: no_statistical_entry(day, None, today),
    "milestone_overdue": lambda day, today: milestone_overdue([Step("Roof", "封顶", day)], today),
    "problem_open": lambda day, today: problem_open("No land", day, today),
}


def days_that_have_passed(row: Row) -> Row:
    rule = RULES_OF_DAYS[row["Cause"]]
    return {"Level": level_of(rule(date.fromisoformat(row["Day"]), date.fromisoformat(row["Today"])))}


def level_of(finding: WarningFinding | None) -> str:
    return MISSING if finding is None else finding.level.value


def working_day(row: Row) -> Row:
    return {"Worked": yes_or_no(CALENDAR.is_working(date.fromisoformat(row["Day"])))}


def deadline(row: Row) -> Row:
    spans = {span.month.key: span for span in campaign_spans(date(2022, 7, 12), date(2022, 10, 19))}
    span = spans[row["Period"]]
    found = deadlines(span, rule=DueRule(), calendar=CALENDAR, tz=SHANGHAI)
    return {
        "From": span.starts_on.isoformat(),
        "To": span.ends_on.isoformat(),
        "Opens": f"{found.opens_at:%Y-%m-%d %H:%M}",
        "Due": f"{found.due_at:%Y-%m-%d %H:%M}",
        "Closes": f"{found.closes_at:%Y-%m-%d %H:%M}",
    }


def reminder(row: Row) -> Row:
    today, due_on, closing_on = date.fromisoformat(row["Today"]), date(2022, 9, 5), date(2022, 9, 13)
    now = datetime.combine(today, time(9), SHANGHAI)
    stage = overdue_stage(today, due_on, CALENDAR, closing_on)
    return {
        "Days left": str(days_left(now, datetime.combine(due_on, time(18), SHANGHAI), tz=SHANGHAI)),
        "Due soon": or_missing(due_soon_stage(today, due_on)),
        "Reporter": or_missing(stage and stage.reporter),
        "Head": or_missing(stage and stage.head),
        "Office": or_missing(stage and stage.office),
    }


def history(cell: str) -> Filing:
    events, before = [], "draft"
    for step in cell.split(", "):
        status, when = step.split(" ", 1)
        events.append(StatusChange(instant(when), before, status))
        before = status
    return filing(events, has_figure=True, due_at=instant("09-05 18:00"), calendar=CALENDAR, tz=SHANGHAI)


def filed(row: Row) -> Row:
    found = history(row["History"])
    return {"Filed": yes_or_no(found.is_filed), "On time": yes_or_no(found.is_on_time)}


def overdue(row: Row) -> Row:
    return {"Overdue": yes_or_no(is_overdue(instant(row["At"]), instant("09-05 18:00"), history(row["History"])))}


def checked(row: Row) -> Row:
    def figure(cell: str) -> Decimal | None:
        return None if cell == MISSING else Decimal(cell)

    findings = check_measurement(
        value=figure(row["Figure"]),
        note=row["Note"],
        limits=IndicatorLimits(
            decimals=1, accumulation=Accumulation.CUMULATIVE, minimum=Decimal(0), maximum=Decimal(500)
        ),
        earlier=[figure(cell) for cell in row["Earlier"].split(", ")],
    )
    return {"Findings": ", ".join(finding.code for finding in findings)}


BY_ROW: dict[str, Callable[[Row], Row]] = {
    "reading, two decimals": reading,
    "rounding to two decimals": rounding,
    "attainment": attained,
    "planned": plan,
    "gap and pace": gap_and_pace,
    "forecast": forecasted,
    "raw lights": raw,
    "runs of lights": run,
    "displayed lights": displayed,
    "behind plan": behind_the_plan,
    "days that have passed": days_that_have_passed,
    "working days": working_day,
    "deadlines": deadline,
    "reminders for August, due 2022-09-05, closing 2022-09-13": reminder,
    "filing, due 2022-09-05 18:00": filed,
    "overdue, due 2022-09-05 18:00": overdue,
    "checks, cumulative, one decimal, range 0 to 500, first month clipped": checked,
}
AS_A_WHOLE = {
    "composite of an action, cap 120",
    "composite of a campaign",
    "contributions",
    "ranking",
    "roll-up",
    "roll-up, results",
    "projection",
    "places",
    "courses",
    "pace",
    "projected",
}


@pytest.mark.parametrize(
    ("title", "row"), [(title, row) for title in BY_ROW for row in rows_of(title)], ids=lambda value: str(value)[:60]
)
def test_each_row_of_a_page_is_what_the_program_computes(title: str, row: Row) -> None:
    computed = BY_ROW[title](row)
    assert computed == {head: row[head] for head in computed}


def test_composite_of_an_action() -> None:
    *indicators, total = rows_of("composite of an action, cap 120")
    parts = [Part(Decimal(row["Weight"]), share(row["Attainment"]), share(row["Planned"])) for row in indicators]
    found = composite(parts, cap=Decimal(120))
    assert percent(found.attainment) == total["Attainment"]
    assert percent(found.planned) == total["Planned"]
    assert f"coverage {percent(found.coverage)}" == total["Counted as"]
    for row, part in zip(indicators, parts, strict=True):
        assert composite([part], cap=Decimal(120)).attainment == share(row["Counted as"])


def test_composite_of_a_campaign() -> None:
    *actions, total = rows_of("composite of a campaign")
    found = combine(
        (
            Decimal(row["Weight"]),
            Composite(share(row["Composite"]), share(row["Planned"]), share(row["Coverage"]) or Fraction(0)),
        )
        for row in actions
    )
    assert percent(found.attainment) == total["Composite"]
    assert percent(found.planned) == total["Planned"]
    assert percent(found.coverage) == total["Coverage"]


def test_the_campaign_example_goes_on_from_the_action_example() -> None:
    action, campaign = rows_of("composite of an action, cap 120")[-1], rows_of("composite of a campaign")[0]
    assert campaign["Composite"] == action["Attainment"]
    assert campaign["Planned"] == action["Planned"]
    assert f"coverage {campaign['Coverage']}" == action["Counted as"]


def test_contributions() -> None:
    *actions, total = rows_of("contributions")
    weighed = [
        (Decimal(row["Weight"]), Composite(share(row["Composite"]), share(row["Planned"]), Fraction(1)))
        for row in actions
    ]
    for row, one in zip(actions, contributions(weighed), strict=True):
        assert (MISSING if one is None else signed(one.points)) == row["Contribution"]
    whole = combine(weighed)
    assert (percent(whole.attainment), percent(whole.planned)) == (total["Composite"], total["Planned"])
    assert whole.attainment is not None
    assert whole.planned is not None
    assert signed(gap(whole.attainment, whole.planned)) == total["Contribution"]


def test_ranking() -> None:
    rows = rows_of("ranking")
    ranks = competition_ranks({row["Unit"]: Decimal(row["Composite"]) for row in rows})
    for row in rows:
        before = None if row["Rank before"] == MISSING else int(row["Rank before"])
        assert str(ranks[row["Unit"]]) == row["Rank"]
        assert or_missing(movement(ranks[row["Unit"]], before)) == row["Movement"]


def city_figure(method: str, *, without: str = "") -> CityFigure:
    return roll_up(
        RollUp(method),
        [
            Contribution(None if row["Unit"] == without else Decimal(row["Figure"]), Decimal(row["Weight"]))
            for row in rows_of("roll-up")
        ],
    )


def test_roll_up() -> None:
    for row in rows_of("roll-up, results"):
        partial = city_figure(row["Method"], without="Haiyan County")
        assert str(city_figure(row["Method"]).published(2)) == row["City"]
        assert str(partial.published(2)) == row["City without Haiyan's figure"]
        assert f"{partial.present} of {partial.expected}" == row["Units then"]


LIGHTS = {str(light): light for light in Light}


def test_projection() -> None:
    falling = TargetLine(
        Decimal(100), date(2022, 7, 11), Decimal(60), date(2022, 10, 19), Direction.LOWER, Accumulation.CUMULATIVE
    )
    figures = {"A": (hundred_days(Accumulation.CUMULATIVE), "50", "90"), "B": (falling, "95", "85")}
    parts, shares = [], []
    for row in rows_of("projection"):
        if row["Indicator"] in figures:
            line, july, august = figures[row["Indicator"]]
            told = forecast(line, [(date(2022, 7, 31), Decimal(july)), (date(2022, 8, 31), Decimal(august))])
            assert told is not None
            expected, reached = [(Decimal(row["Weight"]), line, told)], attainment(line, Decimal(august))
            parts += expected
            shares.append(Part(Decimal(row["Weight"]), reached, Fraction(1)))
        else:
            whole = composite(shares, cap=120).attainment
            assert whole is not None
            expected, reached = parts, whole
        found = projection(expected, reached, cap=120)
        assert found is not None
        told_shares = (found.attained, found.share, found.low, found.high, found.needed_a_day, found.made_a_day)
        heads = ("Attained", "Projected", "Low", "High", "Needed a day", "Made a day")
        assert tuple(map(percent, told_shares)) == tuple(row[head] for head in heads)


def test_places() -> None:
    rows = rows_of("places")
    placed = [
        Placed(
            row["Unit"],
            None if row["Rank"] == MISSING else int(row["Rank"]),
            Decimal(row["Figure"]),
            None if row["Movement"] == MISSING else int(row["Movement"].replace("−", "-")),
        )
        for row in rows
    ]
    for head, chosen in (("Leads", who_leads), ("Rose most", who_rose), ("Fell most", who_fell)):
        found = chosen(placed)
        assert found is not None
        assert {row["Unit"] for row in rows if row[head] == "yes"} == set(found.units)


def test_courses() -> None:
    rows = rows_of("courses")
    courses = [
        Course(
            row["Action"],
            LIGHTS[row["Light"]],
            None if row["Gap"] == MISSING else Decimal(row["Gap"].replace("−", "-")),
            share(row["Projected"]),
        )
        for row in rows
    ]
    lags, missed = what_lags(courses), what_is_missed(courses)
    assert lags is not None
    assert missed is not None
    lagging = (*lags.red, *lags.yellow)
    for row in rows:
        place = lagging.index(row["Action"]) + 1 if row["Action"] in lagging else None
        missed_as = missed.actions.index(row["Action"]) + 1 if row["Action"] in missed.actions else None
        assert (or_missing(place), or_missing(missed_as)) == (row["Lags as"], row["Missed"])


def test_pace() -> None:
    for row in rows_of("pace"):
        rate, needed = (Decimal(row[head].replace("−", "-")) for head in ("Pace a day", "Needed a day"))
        found = must_speed_up("Exports", light=LIGHTS[row["Light"]], rate=rate, required_rate=needed)
        times = found.rests_on["times"] if found else None
        assert (or_missing(times), yes_or_no(found is not None)) == (row["Times"], row["Asked"])


def test_projected() -> None:
    for row in rows_of("projected"):
        reached, is_hopeful = share(row["Projected"]), not row["Judged"].endswith("unlikely")
        found = most_urgent(
            [
                will_miss("Trade", light=LIGHTS[row["Light"]], projected=reached),
                judgement("Trade", is_hopeful=is_hopeful, projected=reached),
            ]
        )
        assert (", ".join(one.topic for one in found) or MISSING) == row["Topics"]


def test_every_example_on_a_page_is_computed_again() -> None:
    titles = [example.title for example in EXAMPLES]
    assert sorted(titles) == sorted({*BY_ROW, *AS_A_WHOLE})
    assert all(example.rows for example in EXAMPLES)


def test_every_page_has_a_worked_example_and_stands_in_the_index() -> None:
    pages = {page.stem for page in campaign_pages()} - {"README"}
    assert {example.page for example in EXAMPLES} == pages
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert {page for page in pages if f"]({page}.md)" not in index} == set()


def test_every_page_named_in_the_code_exists() -> None:
    sources = (Path(__file__).parents[3] / "campaigns" / "domain").glob("*.py")
    named = {name for source in sources for name in re.findall(r"docs/algorithms/([a-z-]+)\.md", source.read_text())}
    assert named
    assert {name for name in named if not (PAGES / f"{name}.md").is_file()} == set()
