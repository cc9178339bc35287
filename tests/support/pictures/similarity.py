"""How alike two pictures are."""

import numpy as np
from PIL import Image
from skimage.metrics import structural_similarity

from tests.support.pictures.icc import Array


def ssim(left: Image.Image, right: Image.Image) -> float:
    """Structural similarity of luma (Wang et al., 2004, with their Gaussian window) of two pictures of one size."""
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}
    return float(structural_similarity(np.asarray(left.convert("L")), np.asarray(right.convert("L")), **options))


def psnr(left: Array, right: Array) -> float:
    """Decibels of the peak over the noise, of 255 levels."""
    return float(10 * np.log10(255**2 / ((left - right) ** 2).mean()))
