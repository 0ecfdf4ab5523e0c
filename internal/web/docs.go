package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// serve offers the contract itself.
func (k *contract) serve(e *gin.Engine) error {
	e.GET(base+"/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/json", k.json) })
	e.GET(base+"/openapi.yaml", func(c *gin.Context) { c.Data(http.StatusOK, "application/yaml", k.yaml) })
	return nil
}
