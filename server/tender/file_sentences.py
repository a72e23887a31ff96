"""The sentences about a file's syntax and form."""

from typing import Final

from server.tender.sentences import Sentence

FILE_SENTENCES: Final[dict[str, Sentence]] = {
    "file_too_large": Sentence(
        "The file has {size} bytes; at most {limit} are read.",
        "Leave out what is no part of the tender, or split the lots over several rooms.",
        "文件有 {size} 字节，超过上限 {limit} 字节。",
        "请删去与招标项目无关的内容，或把标段分到多个评标室。",
    ),
    "file_empty": Sentence(
        "The file is empty.",
        "Start from the template.",
        "文件是空的。",
        "请从模板开始填写。",
    ),
    "not_utf8": Sentence(
        "The file is not encoded in UTF-8.",
        "Save it as UTF-8.",
        "文件编码不是 UTF-8。",
        "请将文件另存为 UTF-8 编码。",
    ),
    "syntax": Sentence(
        "This is neither YAML nor JSON: {problem}.",
        "Look at this line and the one before: indentation by spaces, a colon (: not ：) and a blank after each key, "
        "closed quotes and brackets.",
        "此处不符合 YAML 或 JSON 语法（{problem}）。",
        "请检查本行和上一行：用空格缩进，键后用半角冒号加一个空格（不是“：”），引号和括号要成对。",
    ),
    "character_forbidden": Sentence(
        "There is a character {character} here, which cannot be seen or is broken.",
        "Delete it and type the text anew.",
        "此处有不可见或已损坏的字符 {character}。",
        "请删除该字符并重新输入。",
    ),
    "yaml_alias": Sentence(
        "*{name} refers to another place.",
        "Write the value itself.",
        "不允许使用引用 *{name}。",
        "请直接写出内容。",
    ),
    "yaml_anchor": Sentence(
        "&{name} marks a place to be referred to.",
        "Take the mark out; put a text that begins with & in quotes.",
        "不允许使用锚点 &{name}。",
        "请删除锚点；以 & 开头的文字请加引号。",
    ),
    "yaml_tag": Sentence(
        "A type is named with an exclamation mark.",
        "Take it out; put a text that begins with ! in quotes.",
        "不允许用感叹号指定类型。",
        "请删除类型标记；以 ! 开头的文字请加引号。",
    ),
    "yaml_directive": Sentence(
        "A directive (a line that begins with %) stands before the document.",
        "Take it out.",
        "文件开头有以 % 开头的指令行。",
        "请删除该行。",
    ),
    "yaml_documents": Sentence(
        "A second document begins here.",
        "Keep one document: take the line --- out.",
        "此处开始了第二个文档。",
        "一个文件只能有一个文档：请删除“---”行。",
    ),
    "yaml_key": Sentence(
        "A list or mapping stands in the place of a key.",
        "Write a plain word as the key; put a text that begins with a bracket in quotes.",
        "键的位置上是列表或映射。",
        "键须是普通文字；以括号开头的文字请加引号。",
    ),
    "yaml_too_deep": Sentence(
        "Lists and mappings are nested more than {limit} deep.",
        "Close the brackets, or make the tree of criteria flatter.",
        "嵌套超过 {limit} 层。",
        "请检查括号是否成对，或减少评分项的层级。",
    ),
    "unknown_key": Sentence(
        "There is no key {key} here.",
        "Did you mean: {expected}?",
        "此处没有“{key}”这个键。",
        "是否应为：{expected}",
    ),
    "duplicate_key": Sentence(
        "The key {key} stands here again; it was first written in line {first_line}.",
        "Keep one of the two.",
        "键“{key}”重复，首次出现在第 {first_line} 行。",
        "请只保留一个。",
    ),
    "missing_key": Sentence(
        "The key {key} is missing.",
        "Add {key}, as the template shows.",
        "缺少“{key}”。",
        "请参照模板补上 {key}。",
    ),
    "not_mapping": Sentence(
        "Here stands {found} where keys with values belong.",
        "Write one `key: value` a line, indented.",
        "此处应为“键: 值”，现为 {found}。",
        "请缩进后逐行写“键: 值”。",
    ),
    "not_list": Sentence(
        "Here stands {found} where a list belongs.",
        "Begin each entry with `- `.",
        "此处应为列表，现为 {found}。",
        "请逐项以“- ”开头书写。",
    ),
    "not_text": Sentence(
        "Here stands {found} where a text belongs.",
        "Write a text; put it in quotes if it is a word like true.",
        "此处应为文字，现为 {found}。",
        "请填写文字；若文字正是 true 一类的词，请加引号。",
    ),
    "not_decimal": Sentence(
        "{found} is no plain decimal.",
        "Write digits with at most one point and six decimals, such as 13656.00: no separators, unit or exponent.",
        "“{found}”不是规范的数字。",
        "请写半角数字，最多一个小数点、六位小数，例如 13656.00；不要写千分位、单位或指数。",
    ),
    "not_whole_number": Sentence(
        "{found} is no whole number.",
        "Write digits only, without quotes, such as 15.",
        "“{found}”不是整数。",
        "请只写半角数字，不加引号，例如 15。",
    ),
    "not_true_or_false": Sentence(
        "{found} is neither true nor false.",
        "Write true or false, without quotes.",
        "“{found}”不是 true 或 false。",
        "请写 true 或 false，不加引号。",
    ),
    "number_out_of_range": Sentence(
        "{found} is not between {least} and {most}.",
        "Write a number from {least} to {most}.",
        "{found} 不在 {least} 到 {most} 之间。",
        "请写 {least} 到 {most} 之间的数。",
    ),
    "unknown_choice": Sentence(
        "{found} is not among the choices.",
        "Did you mean: {expected}?",
        "“{found}”不是可选项。",
        "是否应为：{expected}",
    ),
    "text_empty": Sentence(
        "There is no text here.",
        "Write the text.",
        "此处没有内容。",
        "请填写内容。",
    ),
    "text_too_long": Sentence(
        "The text has {count} characters; at most {limit} are possible.",
        "Shorten it.",
        "文字有 {count} 个字符，最多 {limit} 个。",
        "请缩短。",
    ),
    "too_many": Sentence(
        "There are {count} entries; at most {limit} are possible.",
        "Take some out, or split the lots over several rooms.",
        "共有 {count} 项，最多 {limit} 项。",
        "请减少，或把标段分到多个评标室。",
    ),
    "too_few": Sentence(
        "There are {count} entries; at least {least} is needed.",
        "Add what is missing.",
        "共有 {count} 项，至少需要 {least} 项。",
        "请补充。",
    ),
    "alias_malformed": Sentence(
        "{found} is no alias.",
        "Write one or two capital letters and a number from 1 to 999, such as E1.",
        "“{found}”不是规范的席位代号。",
        "请写一至两个大写字母加 1 到 999 的数字，例如 E1。",
    ),
    "bid_alias_malformed": Sentence(
        "{found} is no code of a bid.",
        "Write one or two capital letters, such as A.",
        "“{found}”不是规范的投标文件代号。",
        "请写一至两个大写字母，例如 A。",
    ),
    "id_malformed": Sentence(
        "{found} is no id.",
        "Write up to 32 Latin letters, digits, hyphens and underscores, beginning with a letter or digit, such as L1.",
        "“{found}”不是规范的编号。",
        "请写不超过 32 个字母、数字、连字符或下划线，以字母或数字开头，例如 L1。",
    ),
    "end_missing": Sentence(
        "The last key, end, is missing: the file may have been cut off.",
        "If the file is all there, write `end: true` as its last line.",
        "缺少最后一行的 end：文件可能不完整。",
        "确认内容完整后，请在最后一行写 end: true。",
    ),
    "end_misplaced": Sentence(
        "end is not `true` as the last key of the file.",
        "Write `end: true` after everything else.",
        "end 须为文件的最后一个键，且值为 true。",
        "请把 end: true 写在所有内容之后。",
    ),
}
