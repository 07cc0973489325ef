"""What a person sees and presses: Qt widgets and the background job runner."""
