"""The faces of the five grades of a rating (国办发〔2019〕51号; SVC-24)."""

from typing import Final

# The mouth of the face of each grade, in a circle of 48 by 48.
MOUTHS: Final = {
    5: "M13 28c3 9 19 9 22 0z",
    4: "M14 29c4 6 16 6 20 0",
    3: "M15 31h18",
    2: "M14 34c4-6 16-6 20 0",
    1: "M13 36c3-9 19-9 22 0z",
}
