import pipeline.pdf  # noqa: F401 - before PyMuPDF, which would load a model for nobody here
