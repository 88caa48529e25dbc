"""Views as Markdown, as a page, and in a terminal. Every text is taken as hostile: it is shown, never obeyed."""
