"""Web pages: where the story stands in the markup, what the page says about itself, what it holds back."""
