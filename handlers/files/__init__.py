"""Facts out of files: event lines and chat history, read as streams, taken in by runs."""
