"""The command `crossbook`. Each subcommand's work is imported only when it is asked for."""

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup


class _InOurWords(TyperGroup):
    """Tells a wrong option as a wrong file is told: what was expected and what came."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except typer.BadParameter as bad:
            from pydantic import ValidationError

            from harness.files.words import option_message

            if isinstance(bad.__cause__, ValidationError):
                bad.message = option_message(bad.__cause__)
            raise


def _named(path: str | Path) -> Path:
    if not str(path).strip():
        raise ValueError("no value given: name a file or a folder")
    return Path(path)


def _path(told: str) -> Any:
    """An option that names a file or a folder; without it an empty name would be the current folder."""
    return typer.Option(help=told, parser=_named, metavar="<path>")


app = typer.Typer(
    name="crossbook",
    cls=_InOurWords,
    help="A whole NHS cross-organisation booking world on your machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"crossbook {version('crossbook')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """A whole NHS cross-organisation booking world on your machine."""


Patterns = Annotated[list[str] | None, typer.Argument(help="Files, folders or ids (globs); none: the whole catalogue.")]
Suppliers = Annotated[
    list[str] | None, typer.Option("--supplier", help="Only these of the matrix, or a TOML file of yours.")
]
Seed = Annotated[int | None, typer.Option(help="Instead of each scenario's own seed.")]


@app.command()
def run(
    patterns: Patterns = None,
    supplier: Suppliers = None,
    seed: Seed = None,
    served: Annotated[bool, typer.Option("--served", help="Over real sockets, on an accelerated clock.")] = False,
    report: Annotated[Path | None, _path("Folder for report.html, report.json, junit.xml and report.txt.")] = None,
    json: Annotated[Path | None, _path("File for the JSON report.")] = None,
    junit: Annotated[Path | None, _path("File for the JUnit report.")] = None,
    show_names: Annotated[bool, typer.Option("--show-names", help="Do not mask the synthetic people.")] = False,
    consumer: Annotated[str | None, typer.Option(help="module:factory of another consumer to put under test.")] = None,
    jobs: Annotated[int, typer.Option(help="Processes; 0 takes one for each core.", min=0)] = 0,
    watch: Annotated[
        bool, typer.Option("--watch", help="Run again what a saved file is about, until Ctrl-C: 0; 130 within a run.")
    ] = False,
) -> None:
    """Run scenarios. Exit 0: all passed; 1: one failed; 2: a file or option is wrong; 3: the harness broke."""
    from harness.commands.run import RunOptions, run_scenarios
    from harness.files import check_outputs
    from harness.scenario.run import Choices

    check_outputs(folders={"--report": report}, files={"--json": json, "--junit": junit})
    if consumer == "":
        raise typer.BadParameter("no value given: name a module:factory", param_hint="'--consumer'")
    choices = Choices(tuple(supplier or ()), seed, served, show_names, consumer or "")
    options = RunOptions(tuple(patterns or ()), choices, report, json, junit, jobs)
    if watch:
        from harness.commands.watch import watch_scenarios

        raise typer.Exit(watch_scenarios(options))
    raise typer.Exit(run_scenarios(options))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Pilot configurations.", parser=_named)],
    diff: Annotated[bool, typer.Option("--diff", help="Of two files OLD NEW: what changes for whom.")] = False,
    json: Annotated[Path | None, _path("File for the JSON report.")] = None,
    report: Annotated[Path | None, _path("Folder for check.html, check.json and the launch emails.")] = None,
    walk: Annotated[bool, typer.Option(help="Prove each cell of the matrix by a simulated journey.")] = True,
    clock: Annotated[str, typer.Option(help="When to look; without it at 8:00 on the launch day.")] = "",
    jobs: Annotated[int, typer.Option(help="Processes; 0 takes one for each core.", min=0)] = 0,
) -> None:
    """Check pilot configurations before launch. Exit 0: clean; 1: something would not work; 2: a file is wrong."""
    from harness.commands.check import CheckOptions, check_pilots, compare_pilots
    from harness.files import check_outputs

    check_outputs(folders={"--report": report}, files={"--json": json})
    options = CheckOptions(tuple(files), walk, clock, json, report, jobs)
    if not diff:
        raise typer.Exit(check_pilots(options))
    if len(files) != 2:
        raise typer.BadParameter("--diff compares two files: OLD NEW")
    raise typer.Exit(compare_pilots(files[0], files[1], options))


show = typer.Typer(help="Print what there is: scenarios, errors, coverage, worlds, schemas.", no_args_is_help=True)
app.add_typer(show, name="show")


@show.command()
def scenarios() -> None:
    """Every scenario of the catalogue with its title."""
    from harness.commands.show import show_scenarios

    show_scenarios()


@show.command()
def errors() -> None:
    """Every error that the wire can say, and every error that a person can be shown."""
    from harness.commands.show import show_errors

    show_errors()


@show.command()
def interactions() -> None:
    """Every interaction with its ID, method, path, scope and time budget."""
    from harness.commands.show import show_interactions

    show_interactions()


@show.command()
def schema(
    of: Annotated[str, typer.Argument(help="scenario, world or pilot")] = "scenario",
) -> None:
    """The JSON Schema of a kind of file, for editors."""
    from harness.commands.show import show_schema

    raise typer.Exit(show_schema(of))


@show.command()
def suppliers() -> None:
    """How the suppliers differ, what each difference rests on, and what is assumed."""
    from harness.commands.suppliers import show_suppliers

    show_suppliers()


@show.command()
def coverage() -> None:
    """Which scenario shows which error, requirement, cause and journey; what none shows comes first."""
    from harness.commands.coverage import show_coverage

    show_coverage()


@show.command()
def world(
    name: Annotated[str, typer.Argument(help="A world or pilot of the catalogue by name, or a file.")],
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    base: Annotated[str, typer.Option(help="Where it is served.")] = "http://127.0.0.1:8181",
    seed: Annotated[int, typer.Option(help="The seed it is served with.")] = 1,
) -> None:
    """Who is who in a world: aliases, identifiers, ASIDs, service roots."""
    from harness.commands.show import show_world

    show_world(name, base=base, seed=seed, as_json=json)


@app.command()
def up(
    world: Annotated[str, typer.Option(help="A world of the catalogue by name, or a world or pilot file.")] = (
        "two-practices"
    ),
    port: Annotated[int, typer.Option(help="Port on loopback; 0 takes a free one.", min=0, max=65535)] = 8181,
    clock: Annotated[
        str, typer.Option(help="`real`, or the date-time with offset at which the world begins.")
    ] = "real",
    seed: Annotated[int, typer.Option(help="Fixes ids and everything that is drawn by chance.")] = 1,
    endpoints: Annotated[Path | None, _path("File for the endpoints as JSON.")] = None,
    limits: Annotated[bool, typer.Option(help="Rate limits as the real services have them.")] = True,
    latency: Annotated[bool, typer.Option(help="Suppliers take their assumed time.")] = True,
    tls: Annotated[Path | None, _path("Speak TLS 1.2 with client certificates, all written to this folder.")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="Believe X-SSL-Client-Verify and X-SSL-Client-S-DN.")
    ] = False,
    store: Annotated[str, typer.Option(help="PostgreSQL that processes and hosts share: postgresql://...")] = "",
    workers: Annotated[int, typer.Option(help="Processes on this host; needs --store.", min=1)] = 1,
    host: Annotated[str, typer.Option(help="Another address than loopback, for a closed network; needs --store.")] = "",
    base_url: Annotated[str, typer.Option(help="How clients reach the world, through a balancer; needs --store.")] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin the world of the store anew.")] = False,
) -> None:
    """Serve a world on one port of loopback until Ctrl-C."""
    from harness.commands.up import Together, UpOptions, serve_world
    from harness.files import check_outputs

    check_outputs(folders={"--tls": tls}, files={"--endpoints": endpoints})
    together = Together(store, workers, host, base_url.rstrip("/"), fresh)
    raise typer.Exit(
        serve_world(UpOptions(world, port, clock, seed, endpoints, limits, latency, tls, behind_proxy, together))
    )


@app.command()
def export(
    base: Annotated[str, typer.Argument(help="Where a world is served, with /n/NAME for a copy.")],
    name: Annotated[str, typer.Option(help="The scenario is called recorded/NAME.")] = "run",
    show_names: Annotated[bool, typer.Option("--show-names", help="Do not mask the synthetic people.")] = False,
) -> None:
    """Print what a served world was asked as a scenario: `crossbook export http://127.0.0.1:8181 > recorded.yaml`."""
    from harness.commands.export import export as exported

    raise typer.Exit(exported(base, name, show_names=show_names))


@app.command()
def explain(
    practice: Annotated[str, typer.Option(help="Whose slots: alias or ODS code.")],
    consumer: Annotated[str, typer.Option("--for", help="Who looks: alias or ODS code.")],
    at: Annotated[str, typer.Option(help="When: a date-time with offset.")],
    world: Annotated[str, typer.Option(help="A world of the catalogue by name, or a file.")] = "two-practices",
    kind: Annotated[str, typer.Option("--type", help="Organisation type that is sent; empty: none.")] = "gp-practice",
    days: Annotated[int, typer.Option(help="How many days from then on.", min=1, max=84)] = 14,
    slot: Annotated[str, typer.Option(help="Only this slot, by id.")] = "",
) -> None:
    """Why each slot of a practice is or is not visible to a consumer, and where that is changed."""
    from harness.commands.explain import ExplainOptions, explain_slots

    raise typer.Exit(explain_slots(ExplainOptions(world, practice, consumer, kind, at, days, slot)))


@app.command()
def load(
    tiers: Annotated[
        str, typer.Option(help="T0 to T10: 0 to 50,000 visible slots in 14 days.")
    ] = "T0,T1,T3,T5,T6,T7,T8",
    suppliers: Annotated[str, typer.Option(help="Profiles or files of yours; none: those with a latency.")] = "",
    restricted: Annotated[str, typer.Option(help="Shares of the slots that the booker may not see.")] = "0,0.5",
    busyness: Annotated[str, typer.Option(help="Shares of the system that its own staff take.")] = "0",
    sessions: Annotated[str, typer.Option(help="Sessions of a day over which slots are spread, at least.")] = "1",
    branches: Annotated[str, typer.Option(help="Branches at which they are held.")] = "1",
    rate: Annotated[
        float, typer.Option(help="Searches or invitations a second at each practice, at most.", min=0.001)
    ] = 5,
    seconds: Annotated[float, typer.Option(help="How long, after the warm-up.", min=1)] = 120,
    warm_up: Annotated[float, typer.Option(help="Seconds in a closed loop first.", min=0)] = 10,
    processes: Annotated[int, typer.Option(help="Locust processes; with --master all, wherever they are.", min=1)] = 1,
    seed: Annotated[int, typer.Option(help="Fixes the timetable of requests.")] = 1,
    latency: Annotated[bool, typer.Option(help="Suppliers take their assumed time.")] = True,
    limits: Annotated[bool, typer.Option(help="National services have the rate limits of the real ones.")] = True,
    shape: Annotated[
        str, typer.Option(help="profile: searches. Journeys: load, soak (level), ramp, day, week (national curves).")
    ] = "profile",
    mix: Annotated[Path | None, _path("TOML: what becomes of invitations (assumed).")] = None,
    steady: Annotated[bool, typer.Option("--steady", help="Evenly spaced requests, not by chance.")] = False,
    thresholds: Annotated[Path | None, _path("TOML with budgets of your own.")] = None,
    against: Annotated[Path | None, _path("result.json of an earlier run to compare with.")] = None,
    report: Annotated[Path, _path("Folder for index.html, profile.json, profile.csv.")] = Path("crossbook-load"),
    plan_only: Annotated[Path | None, _path("Write the plan, serve, and start no Locust.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A small whole profile in about a minute.")] = False,
    web: Annotated[bool, typer.Option("--web", help="Start and watch it on Locust's own page.")] = False,
    master: Annotated[bool, typer.Option("--master", help="Serve, and let workers elsewhere send.")] = False,
    master_port: Annotated[int, typer.Option(help="Where it listens for them.", min=1, max=65535)] = 5557,
    worker: Annotated[str, typer.Option(help="HOST[:PORT] of a master: send for it.")] = "",
    host: Annotated[str, typer.Option(help="Address of this machine for other machines.")] = "127.0.0.1",
    at: Annotated[str, typer.Option(help="Measure the world that `crossbook up` serves at this base URL.")] = "",
    write_world: Annotated[Path | None, _path("Write that world for `crossbook up`, and stop.")] = None,
) -> None:
    """Measure slot search or whole journeys. Exit 0: held; 1: a budget broke; 2: an option is wrong; 3: invalid."""
    from harness.commands.load import load as measure
    from harness.commands.load_options import options_from
    from harness.commands.load_options import quick as smaller
    from harness.files import check_outputs

    check_outputs(folders={"--report": report}, files={"--plan-only": plan_only, "--write-world": write_world})
    words = (tiers, suppliers, restricted, busyness, sessions, branches)
    options = options_from(*words, rate=rate, open_s=seconds, warm_up_s=warm_up, processes=processes, seed=seed,
        latency=latency, limits=limits, shape=shape, mix=mix, steady=steady,
        thresholds=thresholds, against=against, report=report, plan_only=plan_only,
        web=web, master=master, master_port=master_port, worker=worker, host=host,
        at=at.rstrip("/"), write_world=write_world,
    )  # fmt: skip
    raise typer.Exit(measure(smaller(options) if quick else options))


@app.command()
def national(
    share: Annotated[float, typer.Option(help="Of the networks; 1 is the whole country.", min=0.0001, max=1)] = 0.05,
    day: Annotated[str, typer.Option(help="Which day: demand differs over the week.")] = "2026-03-24",
    demand: Annotated[float, typer.Option(help="Times the demand of the model.", min=0, max=100)] = 1,
    seed: Annotated[int, typer.Option(help="Same seed, same figures.")] = 1,
    jobs: Annotated[int, typer.Option(help="Processes; 0: one for each core.", min=0)] = 0,
    model: Annotated[Path | None, _path("TOML with numbers of your own for the country.")] = None,
    report: Annotated[Path, _path("Folder for national.html, .json, .txt.")] = Path("crossbook-national"),
) -> None:
    """Replay a day of booking in all of England, or in a sample of its networks, in simulated time."""
    from harness.commands.national import NationalOptions, simulate_country
    from harness.files import check_outputs

    check_outputs(folders={"--report": report}, files={})
    raise typer.Exit(simulate_country(NationalOptions(share, day, demand, seed, jobs, model, report)))


def main() -> NoReturn:
    """The console script: a user's mistake is told in plain words and ends with exit code 2."""
    from harness.files import BadFile

    try:
        app()
    except BadFile as bad:
        print(bad, file=sys.stderr)
        raise SystemExit(2) from None
    raise SystemExit(0)


if __name__ == "__main__":
    main()
