"""What holds between each place (row) and each other (column)."""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.int64]
"""Whole seconds."""
Matrix01 = npt.NDArray[np.bool_]
"""Yes or no."""
