"""The graph of a BPMN file: which task follows which, through gateways, and which ways lead back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edge:
    """One sequence flow with what is written on it."""

    key: str
    source: str
    target: str
    words: str
    conditional: bool
    otherwise: bool = False


@dataclass
class Graph:
    """Nodes by key (the local name of their element) and the flows between them."""

    kinds: dict[str, str] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    back: set[str] = field(default_factory=set)

    def find_back(self, start: str) -> set[str]:
        """Mark the flows that lead to what is already under way; gives every node reached."""
        seen: set[str] = set()
        path: list[tuple[str, Iterator[Edge]]] = [(start, iter(self.out(start)))]
        open_nodes = {start}
        seen.add(start)
        while path:
            node, rest = path[-1]
            edge = next(rest, None)
            if edge is None:
                open_nodes.discard(node)
                path.pop()
            elif edge.target in open_nodes:
                self.back.add(edge.key)
            elif edge.target not in seen:
                seen.add(edge.target)
                open_nodes.add(edge.target)
                path.append((edge.target, iter(self.out(edge.target))))
        return seen

    def out(self, node: str) -> list[Edge]:
        return [one for one in self.edges if one.source == node]

    def tasks_from(self, node: str) -> set[str]:
        """The tasks reached from a node through gateways alone, without going back."""
        return self._through(node, {one.key: one.target for one in self.edges}, "source")

    def tasks_to(self, node: str) -> set[str]:
        """The tasks that lead to a node through gateways alone."""
        return self._through(node, {one.key: one.source for one in self.edges}, "target")

    def _through(self, node: str, other_end: Mapping[str, str], side: str) -> set[str]:
        if self.kinds[node] == "task":
            return {node}
        found, waiting, seen = set(), [node], {node}
        while waiting:
            at = waiting.pop()
            for edge in self.edges:
                if getattr(edge, side) != at or edge.key in self.back:
                    continue
                following = other_end[edge.key]
                if self.kinds[following] == "task":
                    found.add(following)
                elif following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return found

    def before(self, task: str) -> set[str]:
        """The tasks from which a task is reached without passing another."""
        return {
            found
            for edge in self.edges
            if edge.target == task and edge.key not in self.back
            for found in self.tasks_to(edge.source)
        }

    def stages(self) -> dict[str, int]:
        """For each task the stage in which it runs: one later than the last that leads to it."""
        tasks = [key for key, kind in self.kinds.items() if kind == "task"]
        before = {task: self.before(task) for task in tasks}
        stage: dict[str, int] = {}
        while len(stage) < len(tasks):
            ready = [one for one in tasks if one not in stage and before[one] <= set(stage)]
            for one in ready:
                stage[one] = 1 + max((stage[other] for other in before[one]), default=0)
        return stage
