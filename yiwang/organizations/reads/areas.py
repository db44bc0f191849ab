"""Where an organisation may offer to serve."""

from yiwang.divisions.models import Division, Level


def offered_areas(own: Division) -> list[Division]:
    """Its own line of places from the county down, and the communities beside it."""
    line = [place for place in own.path() if place.level >= Level.COUNTY]
    beside = Division.objects.filter(parent_id=own.parent_id).exclude(pk=own.pk)
    return [*line, *beside.current().served()]
