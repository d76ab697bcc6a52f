"""The application, its channels, its site and its command line."""
