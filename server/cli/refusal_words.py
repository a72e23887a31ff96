"""Why a command was refused, in the language of the terminal; the page has sentences of its own."""

from typing import Final

from server.domain.errors import AppendUncertain, EvidenceBroken, Rejection
from server.words import is_chinese

CHINESE: Final = {
    "bid_file_changed": "投标文件 {file} 在创建过程中被改动，没有创建任何内容，请重新运行。",
    "file_missing": "服务器上的文件 {sha256} 缺失或已经损坏，请从备份恢复。",
    "issuer_expired": "签发证书 {name} 已过期；请把它的目录移出密钥目录，再次启动时会生成新的证书。",
    "loose_permissions": "{path} 存有密钥，其他用户可以读取（权限 {mode:04o}）；请运行：chmod {wanted:o} {path}",
    "package_unreadable": "这不是可以识别的评标档案（{why}）。",
    "room_exists": "已经有评标室 {room}。",
    "room_unknown": "没有评标室 {room}。",
    "root_expired": "{folder} 中的 TLS 根证书已过期；请移走这个目录后再次启动，会生成新的根证书，各席位需要重新信任。",
    "seat_unknown": "评标室里没有席位 {alias}。",
    "secrets_damaged": "密钥文件 {path} 缺失或已经损坏，请从备份恢复（{detail}）。",
    "store_unavailable": "存储暂时没有响应，请稍候再试。",
    "store_unwritable": "存储不能写入（{reply}）。请检查磁盘空间。",
}
"By code: the refusals that a command can end with; `lianping` prints any other one in English."

_EVIDENCE_BROKEN: Final = "保存的评标记录与已签名的内容不一致，已停止处理。请保留现场，不要改动数据目录。详情："
_UNCERTAIN: Final = "连接中断，不能确定这一步是否已经写入。请先用 lianping room list 查看，再决定是否重做。"


def refusal_sentence(error: Exception) -> str:
    """What a person at the terminal is told of an error."""
    if not is_chinese():
        return str(error)
    match error:
        case Rejection() if error.code in CHINESE:
            return CHINESE[error.code].format(**error.facts)
        case EvidenceBroken():
            return f"{_EVIDENCE_BROKEN}{error}"
        case AppendUncertain():
            return _UNCERTAIN
        case _:
            return str(error)
