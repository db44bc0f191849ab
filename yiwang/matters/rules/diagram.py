"""A process as a drawing, from above down: where each step, gateway and arrow stands (BPMN 2.0)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from .process import Process, StepPlan

TASK_W, TASK_H, GATE, EVENT = 168, 84, 44, 32
GAP_X, GAP_Y, MARGIN = 20, 34, 56
Point = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """One shape: start, end, task, or an exclusive, inclusive or parallel gateway."""

    key: str
    kind: str
    x: int
    y: int
    w: int
    h: int
    step: StepPlan | None = None

    @property
    def cx(self) -> int:
        return self.x + self.w // 2

    @property
    def cy(self) -> int:
        return self.y + self.h // 2

    @property
    def top(self) -> Point:
        return (self.cx, self.y)

    @property
    def bottom(self) -> Point:
        return (self.cx, self.y + self.h)

    @property
    def left(self) -> Point:
        return (self.x, self.cy)

    @property
    def right(self) -> Point:
        return (self.x + self.w, self.cy)


@dataclass(frozen=True)
class Flow:
    """One arrow. `kind`: plain, when (its step's condition), otherwise (none held), back."""

    key: str
    source: str
    target: str
    points: tuple[Point, ...]
    kind: str = "plain"
    step: StepPlan | None = None


@dataclass
class Diagram:
    """The whole drawing with its size in points."""

    width: int
    height: int = 0
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)

    def node(self, key: str) -> Node:
        return next(one for one in self.nodes if one.key == key)


def diagram(process: Process) -> Diagram:
    """Draw a process. Steps of one stage stand side by side; a way back runs along the left edge."""
    return _Pen(process).drawn()


class _Pen:
    """Draws stage after stage; `entry` of a stage is where ways back arrive."""

    def __init__(self, process: Process) -> None:
        self.process = process
        widest = max((len(process.at(one)) for one in process.stages), default=1)
        self.sheet = Diagram(2 * MARGIN + widest * TASK_W + (widest - 1) * GAP_X)
        self.y = GAP_Y // 2
        self.entry: dict[int, str] = {}

    def drawn(self) -> Diagram:
        last = self._middle("start", "start", EVENT)
        for stage in self.process.stages:
            last = self._stage(stage, last)
        end = self._middle("end", "end", EVENT)
        self._flow(last, end, (last.bottom, end.top))
        self.sheet.height = self.y
        return self.sheet

    def _stage(self, stage: int, last: Node) -> Node:
        steps = self.process.at(stage)
        if len(steps) == 1 and not steps[0].when:
            only = self._tasks(steps)[0]
            self._flow(last, only, (last.bottom, only.top))
            self.entry[stage], out = only.key, only
        else:
            out = self._fork(stage, steps, last)
        backs = [one for one in steps if one.back and one.back.to in self.process.by_code]
        return self._ways_back(stage, backs, out) if backs else out

    def _fork(self, stage: int, steps: Sequence[StepPlan], last: Node) -> Node:
        kind = _gateway(steps)
        split = self._middle(f"split_{stage}", kind, GATE)
        self._flow(last, split, (last.bottom, split.top))
        self.entry[stage] = split.key
        tasks = self._tasks(steps)
        join = self._middle(f"join_{stage}", kind, GATE)
        for task in tasks:
            bend, step = (task.cx, split.bottom[1] + GAP_Y // 3), task.step
            turn = (split.cx, bend[1])
            how = "when" if step and step.when else "plain"
            self._flow(split, task, (split.bottom, turn, bend, task.top), how, step)
            low = join.y - GAP_Y // 3
            self._flow(task, join, (task.bottom, (task.cx, low), (join.cx, low), join.top))
        if all(one.when for one in steps):
            edge = self.sheet.width - MARGIN // 2
            way = (split.right, (edge, split.cy), (edge, join.cy), join.right)
            self._flow(split, join, way, "otherwise")
        return join

    def _ways_back(self, stage: int, steps: Sequence[StepPlan], last: Node) -> Node:
        gate = self._middle(f"again_{stage}", "exclusive", GATE)
        self._flow(last, gate, (last.bottom, gate.top))
        for number, step in enumerate(steps):
            assert step.back is not None  # noqa: S101 - chosen for it
            to = self.entry.get(self.process.by_code[step.back.to].stage)
            if to is None:
                continue
            target, edge = self.sheet.node(to), MARGIN // 2 - 8 * number
            way = (gate.left, (edge, gate.cy), (edge, target.cy), target.left)
            self._flow(gate, target, way, "back", step)
        return gate

    def _tasks(self, steps: Sequence[StepPlan]) -> list[Node]:
        whole = len(steps) * TASK_W + (len(steps) - 1) * GAP_X
        left = (self.sheet.width - whole) // 2
        row = [
            Node(f"step_{one.code}", "task", left + at * (TASK_W + GAP_X), self.y, TASK_W, TASK_H, one)
            for at, one in enumerate(steps)
        ]  # fmt: skip
        self.sheet.nodes += row
        self.y += TASK_H + GAP_Y
        return row

    def _middle(self, key: str, kind: str, size: int) -> Node:
        node = Node(key, kind, (self.sheet.width - size) // 2, self.y, size, size)
        self.sheet.nodes.append(node)
        self.y += size + GAP_Y
        return node

    def _flow(
        self,
        source: Node,
        target: Node,
        points: tuple[Point, ...],
        kind: str = "plain",
        step: StepPlan | None = None,
    ) -> None:
        key = f"flow_{len(self.sheet.flows) + 1}"
        straight = tuple(dict.fromkeys(points))
        self.sheet.flows.append(Flow(key, source.key, target.key, straight, kind, step))


def _gateway(steps: Sequence[StepPlan]) -> str:
    """Parallel when all run, exclusive for one that may be left out, inclusive otherwise."""
    if not any(one.when for one in steps):
        return "parallel"
    return "exclusive" if len(steps) == 1 else "inclusive"
