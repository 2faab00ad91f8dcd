"""Cut STIX Two Math down to what formulas on the pages use: ``make font``.

The source is the npm package named below (SIL Open Font License 1.1, no reserved font name). What is written:
``static/fonts/stix-two-math-subset.woff2``, ``…-more.woff2`` and, beside them, the licence. The MATH table stays: its
constants place scripts, fraction bars and radicals, its variants stretch brackets. Hinting, kerning and very large
variants go. A formula with a character that is not listed here fails ``tests/test_font.py``: add it to MORE, to
``unicode-range`` in ``static/css/app.css``, and run this again.
"""

import io
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

PACKAGE = "@fontsource/stix-two-math@5.3.0"
FONT = "package/files/stix-two-math-latin-400-normal.woff2"
LICENCE = "package/LICENSE"
FOLDER = Path(__file__).parent.parent / "static" / "fonts"

# A browser draws <mi>w</mi> with the glyph of 𝑤, and <mi>min</mi> with those of m, i, n.
# Only what most stories show: every character more is paid for by every first visit.
CHARACTERS = {
    "digits, punctuation": "0123456789 !,.:;=<>+",
    "upright small Latin": "aegilmnopstx",
    "upright capitals": "KT",
    "italic Latin": "𝐻𝐽𝐿𝑋𝑏𝑖𝑗𝑘𝑛𝑝𝑡𝑤𝑥𝑦",
    "italic Greek": "𝛼𝜂𝜆𝜎",
    "upright Greek": "ΛΩ",
    "calculus": "∂𝜕∇∑√∞",
    "relations": "≤≥≠≈∈",
    "operators": "±−×·∗⊤′…½",
    "arrows": "→",
    "brackets": "()[]{}|‖⟨⟩",
    "accents": "ˆ˜̂",
}
# What a few pages show: a file of its own, which a browser fetches where one of them is drawn. No brackets and
# radicals here: they are stretched by the MATH table of the first file.
MORE = "/EVr″ℎℒ←∝∣≪𝐶𝐸𝐼𝑁𝑄𝑆𝑊𝑎𝑐𝑒𝑓𝑚𝑜𝑞𝑟𝑠𝑢𝑣𝑧𝛽𝛿𝜃𝜋𝜌𝜏"
# Sizes of one bracket that are drawn by hand; larger ones are assembled from pieces.
VARIANTS = 4


def cut(source: bytes, characters: str) -> bytes:
    """The font with only these characters, and what MATH needs to stretch them, as WOFF2."""
    options = subset.Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=False)
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    font = TTFont(io.BytesIO(source))
    drop_large_variants(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def drop_large_variants(font: TTFont) -> None:
    """Shorten every list of ready-made sizes in the MATH table of a font that was just read."""
    variants = font["MATH"].table.MathVariants
    for construction in [*variants.VertGlyphConstruction, *variants.HorizGlyphConstruction]:
        del construction.MathGlyphVariantRecord[VARIANTS:]
        construction.VariantCount = len(construction.MathGlyphVariantRecord)


def fetch(package: str) -> tuple[bytes, bytes]:
    """The font and its licence out of the npm package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            return member(archive, FONT), member(archive, LICENCE)


def member(archive: tarfile.TarFile, name: str) -> bytes:
    """One file of the archive."""
    found = archive.extractfile(name)
    if found is None:
        raise FileNotFoundError(name)
    return found.read()


def main() -> None:
    """Write the subset and its licence, and say what each set of characters costs."""
    source, licence = fetch(PACKAGE)
    every = "".join(CHARACTERS.values())
    whole = cut(source, every)
    for name, characters in CHARACTERS.items():
        without = cut(source, "".join(text for key, text in CHARACTERS.items() if key != name))
        print(f"{name:20} {len(set(characters)):4} characters {len(whole) - len(without):7,} bytes")
    print(f"{'all':20} {len(set(every)):4} characters {len(whole):7,} bytes")
    more = cut(source, MORE)
    print(f"{'more':20} {len(set(MORE)):4} characters {len(more):7,} bytes")
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "stix-two-math-subset.woff2").write_bytes(whole)
    (FOLDER / "stix-two-math-more.woff2").write_bytes(more)
    (FOLDER / "stix-two-math-OFL.txt").write_bytes(licence)


if __name__ == "__main__":
    main()
