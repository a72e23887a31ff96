"""A plain page that explains, in Chinese first, how to trust the embedded certificate."""

from html import escape
from typing import Final

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from server.web.keys import SERVICES

_PAGE: Final = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>信任本服务器 · Lianping 联评</title>
<body>
<h1>让这台电脑信任评标服务器</h1>
<p>摄像头、麦克风和签名只能在受信任的连接上使用。每台席位电脑只需做一次。</p>
<ol>
<li>下载根证书：<a href="/trust/root.crt">root.crt</a></li>
<li>核对指纹（请与主场工作人员手中的一致）：<br><code>{fingerprint}</code></li>
<li>双击证书 → “安装证书” → “本地计算机” → “将所有的证书都放入下列存储” → “受信任的根证书颁发机构” → 完成。</li>
<li>关闭并重新打开浏览器，再次输入服务器地址。</li>
</ol>
<p>指纹不一致时，请不要安装，并立即联系工作人员。</p>
<hr>
<section lang="en">
<h2>Trusting this server</h2>
<p>Download the root certificate above, compare its SHA-256 fingerprint with the one the host's staff hold, install it
as a trusted root certification authority, and open the browser again. If the fingerprints differ, do not install it.
</p>
</section>
</body>
</html>
"""


async def page(request: web.Request) -> web.Response:
    """`GET /trust`."""
    certificate = x509.load_pem_x509_certificate(_root_pem(request))
    digits = certificate.fingerprint(hashes.SHA256()).hex(" ", 2).upper()
    return web.Response(text=_PAGE.format(fingerprint=escape(digits)), content_type="text/html")


async def root(request: web.Request) -> web.Response:
    """`GET /trust/root.crt`: the root certificate in PEM."""
    return web.Response(body=_root_pem(request), content_type="application/x-x509-ca-cert")


def _root_pem(request: web.Request) -> bytes:
    pem = request.app[SERVICES].root_certificate
    if pem is None:
        raise web.HTTPNotFound
    return pem
