// Command ${{ values.name }} is the service of ${{ values.product }}.
package main

import "net/http"

func main() {
	address := "${{ "" if values.public else "127.0.0.1" }}:8080"
	_ = http.ListenAndServe(address, http.NotFoundHandler())
}
