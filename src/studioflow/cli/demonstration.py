"""`demo`: the sample batch of an installed plugin, from declarations to commendations."""

from __future__ import annotations

from pathlib import Path

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.layout import visible, wrap
from studioflow.cli.output import Output, foreign_code
from studioflow.cli.parts import changes_option, command, option
from studioflow.cli.problems import INSTALL_A_BATCH, NO_SAMPLE_BATCH
from studioflow.errors import InputError, Problem
from studioflow.text import Text

__all__ = ["demo"]

_DOES_NOT_FIT = Text(
    "样例批次里的内容与改动后的政策（{settings}）不符：",
    "what the sample batch brings does not fit the policy as varied by {settings}:",
)


@command(
    Text(
        "运行样例批次：从申报到表彰，说明每一步为什么可以、为什么不可以",
        "Run the sample batch from declarations to commendations, and say why each step was "
        "allowed or denied",
    ),
    "studioflow demo",
    "studioflow demo --out demo",
    "studioflow demo --set quota/places=12",
)
@option(
    "--out",
    metavar="DIR",
    about=Text(
        "把评分表、事实文件和登记册写入 DIR",
        "leave score sheets, fact files and the register in DIR",
    ),
)
@option(
    "--batch",
    metavar="ID",
    about=Text("另一样例批次（默认工作室最多的）", "another sample batch than the largest"),
)
@changes_option
def demo(output: Output, out: str | None, batch: str | None, settings: tuple[str, ...]) -> None:
    """Run the largest sample batch there is, or the one that is asked for."""
    from studioflow.cli.results import Results, check_folder
    from studioflow.programme import read_batch, run_batch

    if out is not None:
        check_folder(Path(out))  # before anybody waits for what it could not hold
    host = discovered(output)
    if not host.sample_batches:
        raise InputError([Problem(NO_SAMPLE_BATCH, got="-", hint=INSTALL_A_BATCH)])
    largest = max(host.sample_batches.values(), key=lambda sample: sample.studios)
    sample = largest if batch is None else host.sample_batch(batch)
    steps = read_batch(sample.folder)
    policy = loaded(host, steps.policy, settings)
    try:
        with foreign_code():
            # `discovered` has said what is broken, and a rehearsal decides nothing for good.
            report = run_batch(policy, steps, host=host.working())
    except InputError:
        if settings:  # the user wrote nothing of what the errors are about
            said = output.say(_DOES_NOT_FIT).replace("{settings}", " ".join(settings))
            for line in wrap(visible(said), output.columns()):
                output.note(line)
        raise
    results = Results(report, output.language, host)
    folder = results.write(Path(out)) if out is not None else None
    if output.as_json:
        output.json(results.document())
    else:
        from studioflow.cli.views.story import tell

        tell(results, output, folder=None if folder is None else out)
