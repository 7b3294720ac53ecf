"""Training of the shipped models, and their figures; needs scikit-learn, a development package."""
