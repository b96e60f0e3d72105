internal import Objects
