"""The part of a Python script that splits texts into words and gives them ids."""

from __future__ import annotations

from seqclf.code.material import WordRule
from seqclf.code.python_terms import text
from seqclf.encoding.splitting import FILTERS, Splitting

BEYOND_ASCII = '''\
def beyond_ascii(character):
    """Give what stands for a character beyond ASCII where it is no letter and no digit.

    For punctuation that is a blank; a symbol, such as an emoji, is a word of its own;
    what cannot be seen is left out.
    """
    if character.isascii() or character.isalnum():
        return character
    category = unicodedata.category(character)
    if category[0] == "P" or character.isspace() or character == "\\u200b":
        return " "
    if category[0] == "S":
        return f" {character} "
    hidden = category == "Cf" or "\\ufe00" <= character <= "\\ufe0f"
    return "" if hidden else character
'''


def blocks(rule: WordRule, stem: str) -> list[str]:
    """Give the blocks: split, rank, encode."""
    return [*splitting(rule.splitting), _ranks(rule, stem), _encoder(rule)]


def splitting(rule: Splitting) -> list[str]:
    """Give the functions that split a text into words as a `Splitting` does.

    Example:
        >>> print(splitting(Splitting())[0].splitlines()[-1].strip())
        return text.lower().translate(blanks).split()
    """
    words = "lower-case words" if rule.lowercase else "words"
    lower = ".lower()" if rule.lowercase else ""
    lines = [
        "def split_words(text):",
        f'    """Split a text into {words}; apostrophes stay inside."""',
        f"    punctuation = {text(FILTERS)}",
        '    blanks = str.maketrans(punctuation, " " * len(punctuation))',
    ]
    found = f"text{lower}"
    if rule.normalize != "off":
        # Lower case can be composed where upper case cannot.
        form = text(rule.normalize.upper())
        lines.append(f"    text = unicodedata.normalize({form}, text){lower}")
        if rule.lowercase:
            lines.append(f"    text = unicodedata.normalize({form}, text)")
        found = "text"
    if rule.punctuation == "unicode":
        if found != "text":
            lines.append(f"    text = {found}")
        lines += [
            "    if not text.isascii():",
            r"""        text = re.sub(r"(?<=[^\W_])’(?=[^\W_])", "'", text)""",
            '        text = "".join(map(beyond_ascii, text))',
        ]
        found = "text"
    lines.append(f"    return {found}.translate(blanks).split()")
    beyond = [BEYOND_ASCII] if rule.punctuation == "unicode" else []
    return [*beyond, "".join(f"{line}\n" for line in lines)]


def _ranks(rule: WordRule, stem: str) -> str:
    if rule.source == "training":
        ranked = "ranks = {word: rank for rank, (word, _) in enumerate(counts.most_common(), 1)}\n"
        if rule.min_count > 1:
            ranked = "# Rarer words are unknown.\n"
            ranked += "often = [word for word, count in counts.most_common() "
            ranked += f"if count >= {rule.min_count}]\n"
            ranked += "ranks = {word: rank for rank, word in enumerate(often, 1)}\n"
        return (
            "# Rank the training texts' words: the most frequent is 1; of equals, the first is.\n"
            "counts = Counter(word for text in train_texts for word in split_words(text))\n"
            f"{ranked}"
        )
    if rule.source == "keras":
        return (
            f"ranks = keras.datasets.{rule.path}.get_word_index()  # the most frequent word is 1\n"
        )
    if rule.source == "index":
        return (
            f'with open({text(rule.path)}, encoding="utf-8") as file:\n'
            "    ranks = json.load(file)  # the most frequent word is 1\n"
        )
    return (
        "# The words by rank, one a line: the most frequent is 1.\n"
        f"with open(Path(__file__).with_name({text(f'{stem}_words.txt')}), "
        'encoding="utf-8") as file:\n'
        "    ranks = {line[:-1]: rank for rank, line in enumerate(file, 1)}\n"
    )


def _encoder(rule: WordRule) -> str:
    shift = f" + {rule.index_from}" if rule.index_from else ""
    start = "" if rule.start_char is None else f"[{rule.start_char}] + "
    limits = f"{rule.skip_top} <= i < NUM_WORDS" if rule.skip_top else "i < NUM_WORDS"
    known = f"ranks[word]{shift} for word in split_words(text) if word in ranks"
    about = []
    if rule.start_char is not None:
        about.append(f"{rule.start_char} marks the start")
    about.append("unknown words are left out" if rule.oov_char is None else "")
    if rule.oov_char is not None:
        about[-1] = (
            f"{rule.oov_char} stands for {'rare' if rule.drop_unlisted else 'unknown'} words"
        )
    lines = ["def encode(text):", f'    """Give the ids of a text\'s words: {"; ".join(about)}."""']
    if rule.oov_char is None:
        lines += [f"    ids = [{known}]", f"    return {start}[i for i in ids if {limits}]"]
        if rule.start_char is not None and rule.skip_top > rule.start_char:
            lines[-1] = f"    return [i for i in ids if {limits}]"
    elif rule.drop_unlisted:
        lines += [
            f"    ids = {start}[{known}]",
            f"    return [i if {limits} else {rule.oov_char} for i in ids]",
        ]
    else:
        lines += [
            f"    ids = {start}[ranks.get(word, NUM_WORDS){shift} for word in split_words(text)]",
            f"    return [i if {limits} else {rule.oov_char} for i in ids]",
        ]
    return "".join(f"{line}\n" for line in lines)
