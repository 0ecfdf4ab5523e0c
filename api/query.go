package api

import (
	"net/url"

	"github.com/gin-gonic/gin"
)

const parsedQuery = "patchline/query"

// queryOf is the query of a request, parsed once. Nobody may change it.
func queryOf(c *gin.Context) url.Values {
	if parsed, ok := c.Get(parsedQuery); ok {
		return parsed.(url.Values)
	}
	parsed := c.Request.URL.Query()
	c.Set(parsedQuery, parsed)
	return parsed
}
