// Command ${{ values.name }}: ${{ values.description }}
package main

import (
	"log/slog"
	"net/http"
	"os"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})
{%- if values.database %}
	if os.Getenv("DATABASE_URL") == "" {
		slog.Error("DATABASE_URL is not set")
		os.Exit(1)
	}
{%- endif %}
	slog.Info("listening", "service", "${{ values.name }}", "port", ${{ values.port }})
	if err := http.ListenAndServe(":${{ values.port }}", mux); err != nil {
		slog.Error("stopped", "error", err)
		os.Exit(1)
	}
}
