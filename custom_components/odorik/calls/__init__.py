"""What a call is: decided from the operator's answers alone, without Home Assistant or a clock."""
