"""The graph of what an engine computes: what says the same is one node."""

# ruff: noqa: FBT003 - a truth is what stands in the node

import gc

from studioflow.algebra.graph import Nodes, among, in_order, node


class TestNode:
    """What is one node, and what is not."""

    def test_says_the_same(self) -> None:
        """Two that say the same of the same are one object."""
        one, other = (node("add", node("column", "a"), 2) for _ in range(2))
        assert one is other

    def test_truth_and_number(self) -> None:
        """The number 1 and true are not the same value."""
        column = node("column", "a")
        assert node("filled", column, 1) is not node("filled", column, True)
        assert node("literal", 0, 8) is not node("literal", False, 8)

    def test_order_of_parts(self) -> None:
        """What stands first matters."""
        one, other = node("column", "a"), node("column", "b")
        assert node("at_least", one, other) is not node("at_least", other, one)

    def test_forgotten(self) -> None:
        """A node that nobody holds is made anew, and comes later."""
        first = node("column", "nobody holds it").place
        gc.collect()
        assert first < node("column", "nobody holds it").place

    def test_among_others(self) -> None:
        """Among others the same thing is another node, to which nothing that was noted holds."""
        column = node("column", "a")
        with among(Nodes()):
            apart = node("column", "a")
            assert apart is node("column", "a")
        assert apart is not column
        assert column is node("column", "a")

    def test_shown(self) -> None:
        """It is shown as what it says."""
        assert "add(column('a'), 2)" == repr(node("add", node("column", "a"), 2))


class TestOrder:
    """The order in which nodes are computed."""

    def test_parts_come_first(self) -> None:
        """Each comes once, after all its parts."""
        one, other = node("column", "a"), node("column", "b")
        added = node("add", one, other)
        both = node("multiply", added, added)
        places = {each: place for place, each in enumerate(in_order([both, added]))}
        assert max(places[one], places[other]) < places[added] < places[both]
        assert 4 == len(in_order([both, added, one]))

    def test_deep(self) -> None:
        """A long chain is no deeper than what Python can call."""
        chain = node("column", "a")
        for _ in range(5000):
            chain = node("not", chain)
        assert 5001 == len(in_order([chain]))
