"""Measures of the similarity of two pictures."""

import numpy as np
from PIL import Image
from skimage.metrics import structural_similarity

from tests.support.pictures.icc import Array


def ssim(left: Image.Image, right: Image.Image) -> float:
    """The structural similarity (Wang et al., 2004, with their Gaussian window) of the luma of pictures of one size."""
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 255}
    return float(structural_similarity(np.asarray(left.convert("L")), np.asarray(right.convert("L")), **options))


def psnr(left: Array, right: Array) -> float:
    """The peak signal-to-noise ratio in decibels, for levels up to 255."""
    return float(10 * np.log10(255**2 / ((left - right) ** 2).mean()))
