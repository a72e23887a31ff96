"""`python -m signaling.pulling`: the process that pulls one camera."""

from signaling.pulling.process import main

if __name__ == "__main__":
    main()
