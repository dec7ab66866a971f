"""The tables of `policies` and `plugins`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studioflow.cli.output import Output
from studioflow.cli.problems import INSTALL_ONE
from studioflow.cli.views.table import cell, lines, table
from studioflow.host import Host, PluginReport
from studioflow.policy import Document
from studioflow.text import Language, Text

__all__ = ["plugins_as_json", "plugins_view", "policies_as_json", "policies_view"]

_NO_POLICY = Text("没有已安装的政策。", "No policy is installed.")
_NO_PLUGIN = Text("没有已安装的插件。", "No plugin is installed.")
_POLICY_HEADS = (
    Text("政策", "policy"),
    Text("版本", "version"),
    Text("名称", "label"),
    Text("来自", "from"),
)
_PLUGIN_HEADS = (
    Text("插件", "plugin"),
    Text("来自", "from"),
    Text("状态", "status"),
    Text("带来", "brings"),
)
_STATUS = {
    "ok": (Text("✓ 正常", "✓ ok"), "green"),
    "broken": (Text("✗ 有错误", "✗ broken"), "red"),
    "partly": (Text("! 部分使用", "! partly used"), "yellow"),
    "claimed": (Text("! 没有使用", "! not used"), "yellow"),
    "shared": (Text("! id 重复", "! id shared"), "yellow"),
    "disabled": (Text("– 已停用", "– disabled"), "dim"),
}
_STAYS = Text(
    "{origin} 带来的其余部分照常使用，见上表。",
    "The rest of what {origin} brings is used, as the table says.",
)
_KINDS = {
    "policies": Text("政策", "policies"),
    "rubrics": Text("评分表", "rubrics"),
    "site_checks": Text("阵地检查", "site checks"),
    "case_files": Text("工作室档案", "case files"),
    "rule_kinds": Text("规则种类", "rule kinds"),
    "measures": Text("计数方法", "measures"),
    "record_classes": Text("记录类", "record classes"),
    "guards": Text("守卫", "guards"),
    "subscribers": Text("订阅者", "subscribers"),
    "sample_batches": Text("样例批次", "sample batches"),
    "forms": Text("表格", "forms"),
}


def _source(report: PluginReport | None) -> str:
    return f"{report.distribution} {report.version}".strip() if report else ""


def _by_origin(host: Host) -> Mapping[str, PluginReport]:
    return {report.origin: report for report in host.plugins}


def _label(document: Document, language: Language) -> str:
    """Return the label; a listing builds nothing, so that a broken policy is listed, too."""
    label = document.tables.get("label")
    found = label.get(language) if isinstance(label, Mapping) else None
    return found if isinstance(found, str) else ""


def policies_view(host: Host, output: Output) -> None:
    """Print the policies."""
    if not host.policies():
        output.line(output.say(_NO_POLICY))
        output.line(output.say(INSTALL_ONE))
        return
    found = table(*map(output.say, _POLICY_HEADS))
    plugins = _by_origin(host)
    for name, document in host.policies().items():
        found.add_row(
            cell(name, "bold"),
            cell(str(document.tables.get("version", ""))),
            cell(_label(document, output.language)),
            cell(_source(plugins.get(document.origin or "")), "dim"),
        )
    output.show(found)


def policies_as_json(host: Host) -> dict[str, object]:
    """Return the policies as `studioflow.policies/1`."""
    plugins = _by_origin(host)
    found = []
    for name, document in host.policies().items():
        report = plugins.get(document.origin or "")
        found.append(
            {
                "id": name,
                "version": document.tables.get("version"),
                "label": {lang: _label(document, lang) for lang in ("zh", "en")},
                "plugin": report.name if report else None,
                "distribution": report.distribution if report else None,
                "distribution_version": report.version if report else None,
            }
        )
    return {"schema": "studioflow.policies/1", "policies": found}


def plugins_view(host: Host, output: Output) -> None:
    """Print the plugins, and below them what is wrong with any."""
    if not host.plugins:
        output.line(output.say(_NO_PLUGIN))
        return
    found = table(*map(output.say, _PLUGIN_HEADS))
    for report in host.plugins:
        status, style = _STATUS[report.condition]
        brings = [
            f"{output.say(_KINDS[kind]) if kind in _KINDS else kind}: {', '.join(ids)}"
            for kind, ids in report.brings.items()
        ]
        found.add_row(
            cell(report.name, "bold"),
            cell(_source(report)),
            cell(output.say(status), style),
            cell("\n".join(brings)),
        )
    output.show(found)
    for report in host.plugins:
        mark, style = ("✗", "red") if report.condition == "broken" else ("!", "yellow")
        for problem in report.problems:
            said = problem.explain(output.language)
            output.line()
            output.show(lines([(f"{mark} {said}", style)], output.columns()))
        if report.condition == "partly":
            said = output.say(_STAYS).replace("{origin}", report.origin)
            output.show(lines([(said, "dim")], output.columns()))


def plugins_as_json(host: Host, language: Language) -> dict[str, Any]:
    """Return the plugins as `studioflow.plugins/1`."""
    return {
        "schema": "studioflow.plugins/1",
        "plugins": [
            {
                "name": report.name,
                "distribution": report.distribution,
                "version": report.version,
                "status": report.status,
                "brings": {kind: list(ids) for kind, ids in report.brings.items()},
                "problems": [problem.to_dict(language) for problem in report.problems],
            }
            for report in host.plugins
        ],
    }
