"""`python -m signaling`: the media process."""

from signaling.media_process import main

if __name__ == "__main__":
    main()
