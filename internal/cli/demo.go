package cli

func demo(c *call) error {
	if err := c.parse(); err != nil {
		return err
	}
	return c.serve(true)
}
