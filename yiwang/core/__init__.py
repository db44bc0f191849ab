"""The act, the journal, the calendar and the page furniture on which every app stands."""
