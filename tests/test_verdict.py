"""Allowed or not, and every reason."""

import pickle

import pytest

from studioflow.text import Text, message
from studioflow.verdict import Denied, Reason, Verdict

TOO_FEW = message("verdict_too_few", zh="{label}不足{n}", en="fewer {label} than {n}")
APPROVE = Text("审批", "approve")
COMMITTEE = Text("局机关党委", "bureau committee")
reason = Reason(
    TOO_FEW, {"label": Text("成员", "members"), "n": 7}, "5.0.2", (COMMITTEE,), "lucheng"
)
bare = Reason(TOO_FEW, {"label": Text("学员", "trainees"), "n": 20})


class TestReason:
    """One reason."""

    def test_code(self) -> None:
        """A reason has the code of its message."""
        assert "verdict_too_few" == reason.code

    def test_everything_is_said(self) -> None:
        """The sentence comes with its plugin, its clause, and who could change it."""
        english = "[lucheng] fewer members than 7 (5.0.2); bureau committee can change it"
        assert english == reason.explain("en")
        assert "[lucheng] 成员不足7（5.0.2）；可由局机关党委改变" == reason.explain("zh")

    def test_nothing_more_is_said(self) -> None:
        """A reason of the library itself has no clause and nobody who could change it."""
        assert "fewer trainees than 20" == bare.explain() == bare.text()

    def test_as_json(self) -> None:
        """Code, clause and text as the contracts have them; who can change it, and the plugin."""
        assert {
            "code": "verdict_too_few",
            "clause": "5.0.2",
            "text": "成员不足7",
            "who": ["局机关党委"],
            "origin": "lucheng",
        } == reason.to_dict("zh")

    def test_as_json_without_more(self) -> None:
        """What a reason does not have is left out."""
        assert ["code", "clause", "text"] == list(bare.to_dict())

    def test_what_it_is_about(self) -> None:
        """A reason that names ids has them in JSON as well, and not in the sentence."""
        about = Reason(TOO_FEW, bare.parameters, about=("trainees",))

        assert {**bare.to_dict(), "about": ["trainees"]} == about.to_dict()
        assert bare.explain() == about.explain()


class TestVerdict:
    """The whole answer."""

    def test_allowed(self) -> None:
        """Nothing against it means yes, warnings or not."""
        verdict = Verdict(APPROVE, warnings=(bare,))
        assert verdict
        assert verdict.allowed
        assert ["allowed: approve", "  ! fewer trainees than 20"] == verdict.explain().splitlines()

    def test_denied(self) -> None:
        """One reason is a no, and every reason has a line."""
        verdict = Verdict(APPROVE, (reason, bare), plugins_asked=False)
        assert not verdict
        assert [
            "不可以：审批",
            "  ✗ [lucheng] 成员不足7（5.0.2）；可由局机关党委改变",
            "  ✗ 学员不足20",
            "  · 未询问插件：须先具备角色",
        ] == verdict.explain("zh").splitlines()


class TestDenied:
    """The exception carries the answer."""

    def test_carries_the_verdict(self) -> None:
        """Whoever catches it has every reason, and the text in either language."""
        verdict = Verdict(APPROVE, (reason, bare))
        with pytest.raises(Denied, match="denied: approve") as denied:
            raise Denied(verdict)
        assert (reason, bare) == denied.value.reasons
        assert verdict.explain("zh") == denied.value.explain("zh")

    def test_survives_pickling(self) -> None:
        """It can come from another process."""
        denied = pickle.loads(pickle.dumps(Denied(Verdict(APPROVE, (bare,)))))  # noqa: S301
        assert [bare.explain()] == [found.explain() for found in denied.reasons]
