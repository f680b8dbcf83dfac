#!/usr/bin/python3
"""Renders train.safetensors and heldOut.safetensors: ten printed digits, 16x16 grey pixels, 255 = ink.

Deterministic: Debian 12's own Python, Pillow and typefaces, at the versions in PACKAGES (checked
before anything is rendered), and one seed. Held-out images come from typefaces that training never sees.
Usage: /usr/bin/python3 render.py [folder to write to; default: this one]
"""

import hashlib
import json
import random
import struct
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PACKAGES = {
    "python3.11": "3.11.2-6+deb12u6",
    "python3-pil": "9.4.0-1.1+deb12u1",
    "libfreetype6": "2.12.1+dfsg-5+deb12u4",
    "fonts-cabin": "1.5-3",
    "fonts-cantarell": "0.303.1-1",
    "fonts-comfortaa": "3.001-3",
    "fonts-courier-prime": "0+git20190115-3",
    "fonts-crosextra-caladea": "20200211-1",
    "fonts-dejavu-core": "2.37-6",
    "fonts-ebgaramond": "0.016+git20210310.42d4f9f2-1",
    "fonts-firacode": "6.2-2",
    "fonts-gfs-didot": "1.1-7",
    "fonts-lato": "2.0-2.1",
    "fonts-league-spartan": "2.210-1",
    "fonts-liberation2": "2.1.5-1",
    "fonts-linuxlibertine": "5.3.0-6",
    "fonts-open-sans": "1.11-2",
    "fonts-play": "1.002+20150307.1-0.1",
    "fonts-quicksand": "0.2016-2.1",
    "fonts-roboto-unhinted": "2:0~20170802-3",
    "fonts-vollkorn": "4.105-2",
}

# Typeface: its files (weights) below FONTS. All files of a typeface are on one side of the split.
FONTS = Path("/usr/share/fonts")
TRAIN = {
    "Cabin": ["opentype/cabin/Cabin-Regular.otf", "opentype/cabin/Cabin-Bold.otf"],
    "Cantarell": ["opentype/cantarell/Cantarell-Regular.otf", "opentype/cantarell/Cantarell-Bold.otf"],
    "Comfortaa": ["truetype/comfortaa/Comfortaa-Regular.ttf", "truetype/comfortaa/Comfortaa-Bold.ttf"],
    "Courier Prime": ["opentype/courier-prime/Courier Prime.otf", "opentype/courier-prime/Courier Prime Bold.otf"],
    "DejaVu Sans": ["truetype/dejavu/DejaVuSans.ttf", "truetype/dejavu/DejaVuSans-Bold.ttf"],
    "DejaVu Serif": ["truetype/dejavu/DejaVuSerif.ttf", "truetype/dejavu/DejaVuSerif-Bold.ttf"],
    "EB Garamond": ["opentype/ebgaramond/EBGaramond12-Regular.otf", "opentype/ebgaramond/EBGaramond12-Bold.otf"],
    "Fira Code": ["truetype/firacode/FiraCode-Regular.ttf", "truetype/firacode/FiraCode-Bold.ttf"],
    "Lato": ["truetype/lato/Lato-Regular.ttf", "truetype/lato/Lato-Bold.ttf"],
    "Liberation Sans": ["truetype/liberation2/LiberationSans-Regular.ttf", "truetype/liberation2/LiberationSans-Bold.ttf"],
    "Liberation Serif": ["truetype/liberation2/LiberationSerif-Regular.ttf", "truetype/liberation2/LiberationSerif-Bold.ttf"],
    "Linux Libertine": ["opentype/linux-libertine/LinLibertine_R.otf", "opentype/linux-libertine/LinLibertine_RB.otf"],
    "Open Sans": ["truetype/open-sans/OpenSans-Regular.ttf", "truetype/open-sans/OpenSans-Bold.ttf"],
    "Play": ["truetype/play/Play-Regular.ttf", "truetype/play/Play-Bold.ttf"],
    "Quicksand": ["truetype/quicksand/Quicksand-Regular.ttf", "truetype/quicksand/Quicksand-Bold.ttf"],
    "Vollkorn": ["truetype/vollkorn/Vollkorn-Regular.ttf", "truetype/vollkorn/Vollkorn-Bold.ttf"],
}
HELD_OUT = {
    "Caladea": ["truetype/crosextra/Caladea-Regular.ttf", "truetype/crosextra/Caladea-Bold.ttf"],
    "GFS Didot": ["opentype/didot/GFSDidot.otf", "opentype/didot/GFSDidotBold.otf"],
    "League Spartan": ["opentype/league-spartan/LeagueSpartan-Regular.otf", "opentype/league-spartan/LeagueSpartan-Bold.otf"],
    "Roboto": ["truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf", "truetype/roboto/unhinted/RobotoTTF/Roboto-Bold.ttf"],
}

SEED = 20240229
SIDE = 16
SCALE = 8  # drawn this many times larger, then averaged down, so that offsets and angles are sub-pixel
HEIGHTS_PX = (10, 11, 12, 13)  # of the digit 8
MAX_ANGLE_DEG = 12
MAX_OFFSET_PX = 1.5
NOISE_SIGMAS = (0, 10, 20, 30)  # grey levels
INK = (180, 255)
PAPER = (0, 16)


def check_packages():
    for package, wanted in PACKAGES.items():
        found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True).stdout
        if found != wanted:
            sys.exit(f"{package}: needs version {wanted}, found {found or 'none'}; nothing was rendered")


def load_fonts(file):
    """One font per height: the point size at which the digit 8 comes closest to it."""
    path = str(FONTS / file)
    em = 1000
    left, top, right, bottom = ImageFont.truetype(path, em, layout_engine=ImageFont.Layout.BASIC).getbbox("8")
    sizes = [round(em * SCALE * height / (bottom - top)) for height in HEIGHTS_PX]
    return [ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC) for size in sizes]


def render(digit, font, rng):
    """256 bytes: one digit turned, shifted, faded and made noisy by draws from rng."""
    side = SIDE * SCALE
    left, top, right, bottom = font.getbbox(digit)
    dx, dy = (rng.uniform(-MAX_OFFSET_PX, MAX_OFFSET_PX) * SCALE for _ in range(2))
    image = Image.new("L", (side, side), 0)
    corner = ((side - right - left) / 2, (side - bottom - top) / 2)
    ImageDraw.Draw(image).text(corner, digit, fill=255, font=font)
    angle = rng.uniform(-MAX_ANGLE_DEG, MAX_ANGLE_DEG)
    image = image.rotate(angle, Image.Resampling.BICUBIC, translate=(dx, dy)).resize((SIDE, SIDE), Image.Resampling.BOX)
    ink, paper, sigma = rng.uniform(*INK), rng.uniform(*PAPER), rng.choice(NOISE_SIGMAS)
    greys = (paper + (ink - paper) * pixel / 255 + rng.gauss(0, sigma) for pixel in image.tobytes())
    return bytes(min(255, max(0, round(grey))) for grey in greys)


def render_set(typefaces, per_digit, rng):
    """(images, labels), shuffled: per_digit images of each digit from each typeface."""
    samples = []
    for files in typefaces.values():
        weights = [load_fonts(file) for file in files]
        for digit in range(10):
            for i in range(per_digit):
                font = rng.choice(weights[i % len(weights)])
                samples.append((render(str(digit), font, rng), digit))
    rng.shuffle(samples)
    return b"".join(image for image, _ in samples), bytes(label for _, label in samples)


def write_safetensors(path, images, labels):
    """Tensors in name order without gaps; keys sorted; header padded to a multiple of 8 bytes."""
    count = len(labels)
    header = json.dumps({
        "images": {"data_offsets": [0, len(images)], "dtype": "U8", "shape": [count, SIDE * SIDE]},
        "labels": {"data_offsets": [len(images), len(images) + count], "dtype": "U8", "shape": [count]},
    }, sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)
    data = struct.pack("<Q", len(header)) + header + images + labels
    path.write_bytes(data)
    print(hashlib.sha256(data).hexdigest(), count, path.name)


def main():
    check_packages()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    # One generator per set: changing one set leaves the other's bytes alone.
    write_safetensors(folder / "train.safetensors", *render_set(TRAIN, 32, random.Random(SEED)))
    write_safetensors(folder / "heldOut.safetensors", *render_set(HELD_OUT, 30, random.Random(SEED + 1)))


main()
