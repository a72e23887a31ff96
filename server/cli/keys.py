"""The server's own keys: the one that signs tokens, exchanged after it leaked."""

import typer

from server.auth.keyring import rotate_token_key
from server.backend import Backend
from server.cli.terminal import say, with_backend
from server.words import words

app = typer.Typer()


@app.command(name="rotate", help=words("更换签发令牌的密钥。", "Sign tokens with a new key."))
def key_rotate() -> None:
    """Exchange the key that signs tokens, and say what makes the old one worthless."""

    async def rotate(backend: Backend) -> None:
        rotate_token_key(backend.keys_folder)

    with_backend(rotate)
    say(words("密钥已更换，重启服务器后生效。", "The key is exchanged; restart the server to have it used."))
    say(
        words(
            "旧密钥签发的令牌仍然有效，打开着的页面 15 分钟内自动换成新令牌。若旧密钥已泄露，15 分钟后"
            "请再更换一次并重启，旧密钥随即作废；这期间没有打开的页面需要新的入场码。",
            "Tokens of the old key stay good; pages that are open get new ones within 15 minutes. If the old key "
            "leaked, rotate and restart once more after that: then it is worthless, and pages that were closed "
            "meanwhile need a new entry code.",
        )
    )
