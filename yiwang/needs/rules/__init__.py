"""The ten categories, the states of a need, questionnaires, samples and small figures: no database."""
