"""Where handlers find the services."""

from aiohttp import web

from server.web.services import Services

SERVICES: web.AppKey[Services] = web.AppKey("services", Services)
