"""Forms of residents' pages and of the pages staff keep about them."""
