"""Staff pages of needs, surveys and assessments."""
