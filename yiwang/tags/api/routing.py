"""The router all operations on tags hang on."""

from typing import Annotated

from ninja import Field, Router

router = Router(tags=["标签"])
Limit = Annotated[int, Field(ge=1, le=100)]
