"""What both kinds of sitting share: stimulus, response interfaces, time stamps, images decoded ahead."""
