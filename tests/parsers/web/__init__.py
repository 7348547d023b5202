"""Web pages: what is story, what the page says about itself, what it holds back."""
