from . import message_preview
