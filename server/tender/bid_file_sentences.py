"""The sentences about the files of bids."""

from typing import Final

from server.tender.sentences import Sentence

BID_FILE_SENTENCES: Final[dict[str, Sentence]] = {
    "bid_file_name_unsafe": Sentence(
        "{found} does not lead to a file beside this one.",
        "Write the way from the tender file's folder with /, such as bids/a.pdf: no .. and no drive.",
        "“{found}”不是项目文件旁边的文件。",
        "请从项目文件所在文件夹写起，用 / 分隔，例如 bids/a.pdf；不能含“..”或盘符。",
    ),
    "bid_file_repeated": Sentence(
        "The file {file} was named in line {first_line} already.",
        "Name every file once; only a bidder's bids on several lots may share one.",
        "文件“{file}”在第 {first_line} 行已经列出。",
        "每个文件只列一次；只有同一投标人投多个标段时可以共用。",
    ),
    "bid_file_same_content": Sentence(
        "{file} is byte for byte {first}, named in line {first_line}.",
        "Look whether a file was copied under the wrong name.",
        "文件“{file}”与第 {first_line} 行的“{first}”内容完全相同。",
        "请检查是否复制错了文件。",
    ),
    "bid_file_missing": Sentence(
        "There is no file {file}.",
        "Put it where the tender file says, or mend the name; upper and lower case count.",
        "找不到文件“{file}”。",
        "请把文件放到所写的位置，或改正文件名（区分大小写）。",
    ),
    "bid_file_unreadable": Sentence(
        "{file} cannot be read: {problem}.",
        "Let this program read it, or copy it anew.",
        "文件“{file}”无法读取（{problem}）。",
        "请检查文件权限，或重新复制该文件。",
    ),
    "bid_file_empty": Sentence(
        "{file} is empty.",
        "Copy the bid's PDF anew.",
        "文件“{file}”是空的。",
        "请重新复制投标文件的 PDF。",
    ),
    "bid_file_no_pdf": Sentence(
        "{file} is no PDF, whatever its name says.",
        "Save the document as PDF.",
        "文件“{file}”的内容不是 PDF。",
        "请将文件另存（导出）为 PDF。",
    ),
    "bid_file_cut_off": Sentence(
        "{file} begins as a PDF but has no end: it was cut off.",
        "Copy or save it anew.",
        "文件“{file}”开头是 PDF，但没有结束标记，内容不完整。",
        "请重新复制或重新导出该文件。",
    ),
    "bid_file_too_large": Sentence(
        "{file} has more than {limit_mb} MB.",
        "Save it smaller, or split it and name each part.",
        "文件“{file}”超过 {limit_mb} MB。",
        "请压缩后再导入，或拆分成几个文件分别列出。",
    ),
    "bid_files_too_large": Sentence(
        "With {file} the files have more than {limit_mb} MB together.",
        "Save some of them smaller, or split the lots over several rooms.",
        "到文件“{file}”为止，全部文件合计超过 {limit_mb} MB。",
        "请压缩部分文件，或把标段分到多个评标室。",
    ),
}
