from server.web.pull_process import pull_process
from signaling.pulling.messages import Pull, Standing
from tests.support.patience import until
from tests.support.process_facts import is_there, shown
from tests.support.rtsp_camera import Habits, RtspCamera

PASSWORD = "s3cret-of-the-camera"


async def test_process_is_told_and_tells_by_its_pipes_alone() -> None:
    async with RtspCamera(Habits(codec="H265", user="admin", password=PASSWORD)) as camera, pull_process() as process:
        process.tell(Pull(url=camera.url, user="admin", password=PASSWORD, networks=["127.0.0.0/8"]))

        async for message in process.messages():
            if isinstance(message, Standing) and message.state != "connecting":
                break

        assert message == Standing(state="bad_codec", detail="H265")
        assert PASSWORD.encode() not in shown(process.pid)
        assert b"Max core file size        0                    0" in shown(process.pid)
    await until(lambda: not is_there(process.pid))
