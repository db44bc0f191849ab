"""Tags and care groups of residents: rules that set and end them, evidence, lists for visits (DIV-08, XCT-07)."""
